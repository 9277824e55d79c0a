import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sessions } from './terminal.ts';

/** First cells of the tables. */
const ROWS = readFileSync(new URL('../../docs/differences-from-sops.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => /^\| (.*?) +\|/.exec(line)?.[1] ?? []);

/**
 * Sessions that end otherwise than in sops, on purpose.
 *
 * @param row what sops does, as docs/differences-from-sops.md says it: the beginning of a first cell there
 */
export function documentedDifference(row: string, scripts: { readonly [name: string]: string }): void {
  describe(`otherwise than in sops, where ${row}`, () => {
    sessions(scripts);
    test('the documentation says so', () => {
      expect(ROWS.filter((cell) => cell.startsWith(row))).toHaveLength(1);
    });
  });
}
