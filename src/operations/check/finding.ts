import { createHash } from 'node:crypto';
import type { FindingId } from './findings.ts';

/** Where something was found in a text; lines and columns from 1. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One thing that was found. Nothing in it is a secret. */
export interface Finding {
  readonly rule: FindingId;
  /** From the top of what is checked, with slashes. */
  readonly file: string;
  /** The whole file, where left out. */
  readonly region?: Region;
  /** As in `set`: `["db"]["password"]`. */
  readonly path?: string;
  readonly document?: number;
  /** The commit in which it is; what is to be committed, and the work tree, where left out. */
  readonly commit?: string;
  readonly message: string;
  readonly fix?: Fix;
  /** What it is recognised by in later runs, in the place of file and path. */
  readonly identity?: string;
}

/** A command that mends it. */
export interface Fix {
  /** As words. */
  readonly command: readonly string[];
  /** Whether `check --fix` does it. */
  readonly automatic: boolean;
}

/** The part of a text from an offset to another. */
export function regionOf(text: string, start: number, end: number): Region {
  const [from, to] = [placeOf(text, start), placeOf(text, Math.max(end, start))];
  return { ...from, endLine: to.line, endColumn: to.column };
}

/** A single place. */
export function regionAt({ line, column = 1 }: { readonly line: number; readonly column?: number }): Region {
  return { line, column, endLine: line, endColumn: column };
}

/** Columns in UTF-16 code units, which is what editors and SARIF count. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let begin = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) {
    line += 1;
    begin = next + 1;
  }
  return { line, column: offset - begin + 1 };
}

/**
 * Findings with what each is recognised by in later runs: not its line, which moves, and nothing of its text.
 * The same finding at the same path again is told apart by its number.
 */
export function withFingerprints<One extends Finding>(
  findings: readonly One[],
): (One & { readonly fingerprint: string })[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { rule, file, document, path, identity } = finding;
    const key =
      identity === undefined
        ? [rule, file, document ?? '', path ?? ''].join('|')
        : [rule, identity].join('|');
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return { ...finding, fingerprint: createHash('sha256').update(`${key}|${ordinal}`).digest('hex') };
  });
}
