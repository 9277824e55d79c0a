import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';

/** Where the baseline is unless it is named. */
export const BASELINE = '.sotto/baseline.json';

/** A finding that is known: nothing of any text. */
type Known = Pick<Finding, 'rule' | 'file' | 'path'>;

/** Findings that were there when somebody looked, and count no more. @throws SottoError `input-invalid` */
export function readBaseline(io: Io, path: string): ReadonlySet<string> {
  const data = parsed(Buffer.from(io.readSetting(path)).toString());
  if (!Array.isArray(data)) {
    throw new SottoError('input-invalid', `${path} is no baseline`, {
      file: path,
      hint: '"sotto check --update-baseline" writes one',
    });
  }
  return new Set(data.flatMap((one: unknown) => (isKnown(one) ? [keyOf(one)] : [])));
}

/** Whether a finding is in a baseline. A private key that is about to be committed never is. */
export function isIn(baseline: ReadonlySet<string>, finding: Finding): boolean {
  return baseline.has(keyOf(finding));
}

/** The text of a baseline. */
export function baselineText(findings: readonly Finding[]): string {
  const rows = new Map(
    findings.map(({ rule, file, path }) => {
      const row: Known = { rule, file, ...(path === undefined ? {} : { path }) };
      return [keyOf(row), row];
    }),
  );
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  return `${JSON.stringify({ version: 1, findings: sorted }, undefined, 2)}\n`;
}

function keyOf({ rule, file, path }: Known): string {
  return JSON.stringify([rule, file, path ?? '']);
}

function parsed(text: string): unknown {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null && 'findings' in data ? data.findings : undefined;
  } catch {
    return undefined;
  }
}

function isKnown(value: unknown): value is Known {
  if (typeof value !== 'object' || value === null) return false;
  const hasTexts = 'rule' in value && typeof value.rule === 'string' && 'file' in value;
  return hasTexts && typeof value.file === 'string' && (!('path' in value) || typeof value.path === 'string');
}
