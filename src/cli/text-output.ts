import type { TextOutput } from '../commands/output.ts';
import type { Warning } from '../core/warning.ts';
import type { Output } from './output.ts';

/** The output of a verb that makes a text. */
export function showText(
  file: string | undefined,
  result: TextOutput,
  more: readonly Warning[] = [],
): Output {
  const { stdout, written, changed } = result;
  const warnings = [...more, ...result.warnings];
  const report = { file, written, changed, warnings, ...(stdout === undefined ? {} : { text: stdout }) };
  return { warnings, report, ...(stdout === undefined ? {} : { stdout }) };
}
