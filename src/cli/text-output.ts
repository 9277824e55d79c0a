import { isUtf8 } from 'node:buffer';
import type { TextOutput } from '../commands/output.ts';
import type { Output } from './verb.ts';

/** What `--json` reports of a verb that makes a text. */
export const TEXT_REPORT = '{file, written, changed, warnings, text or base64}';

/** The output of a verb that makes a text. @param success what is said of it at a terminal */
export function showText(
  file: string | undefined,
  result: TextOutput,
  success?: () => Promise<readonly string[]>,
): Output {
  const { stdout, written, changed, warnings } = result;
  return {
    warnings,
    success,
    stdout,
    // Only made where somebody asks: it is as large as what is printed.
    get report() {
      return { file, written, changed, warnings, ...(stdout === undefined ? {} : reported(stdout)) };
    },
  };
}

/** Bytes that are no text are in base64 in a report. */
function reported(stdout: string | Uint8Array): { readonly text: string } | { readonly base64: string } {
  if (typeof stdout === 'string') return { text: stdout };
  const bytes = Buffer.from(stdout);
  return isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString('base64') };
}
