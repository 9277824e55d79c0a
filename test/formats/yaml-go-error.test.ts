import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SottoError } from '../../src/errors.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { VECTORS } from '../support/cases.ts';

/** go-yaml's error of a text of the vectors, and what is said here under the name sops. */
function errors(): { readonly theirs: string; readonly ours: string }[] {
  return readFileSync(join(VECTORS, 'go-yaml/trees.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const { source, error }: { source: string; error?: string } = JSON.parse(line);
      if (error === undefined) return [];
      try {
        yaml.read(source);
      } catch (refused) {
        if (refused instanceof SottoError) return [{ theirs: error, ours: refused.inSops }];
      }
      return [];
    });
}

const WITHOUT_NAMES = /(?<=unknown anchor )'[^']*' /;

test('what is wrong with a text of YAML is said under the name sops as go-yaml says it, but for some lines', () => {
  const refused = errors().filter(({ ours }) => !ours.includes('a byte order mark stands inside'));
  expect(refused.length).toBeGreaterThan(1_500);
  const same = refused.filter(({ theirs, ours }) => theirs.replace(WITHOUT_NAMES, '') === ours);
  const problem = (text: string): string =>
    text.replace(/^yaml: (?:line \d+: )?/, '').replace(WITHOUT_NAMES, '');
  const otherProblem = refused.filter(({ theirs, ours }) => problem(theirs) !== problem(ours));
  console.info(`${same.length} of ${refused.length} the same, ${otherProblem.length} with another problem`);
  // Of what began in another line, go-yaml says that one.
  expect(same.length / refused.length).toBeGreaterThan(0.95);
  expect(otherProblem.length / refused.length).toBeLessThan(0.01);
});
