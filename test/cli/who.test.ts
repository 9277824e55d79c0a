import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../support/git-session.ts';

const PLAIN = 'db:\n  password: hunter2\n';
const PEOPLE = `sotto:
  people:
    ann: &ann { age: [${ALICE}] }
    bob: &bob { age: [${BOB}] }
  teams:
    ops: &ops { merge: [*ann, *bob] }
`;
const rulesFor = (prod: string): string =>
  `${PEOPLE}creation_rules:
  - path_regex: ^secrets/prod
    key_groups: [${prod}]
  - path_regex: ^secrets/
    key_groups: [*ops]
`;

let here: GitSession;
let first: string;
beforeEach(async () => {
  here = startGitSession();
  here.put({
    '.sops.yaml': rulesFor('*ann'),
    'secrets/prod.yaml': PLAIN,
    'secrets/dev.yaml': PLAIN,
  });
  await here.sotto(['encrypt', '-i', 'secrets/prod.yaml', 'secrets/dev.yaml'], as('alice'));
  first = here.commit({});
});
afterEach(() => here.end());

test('readers have names; who should not be there is marked, and who is missing is said', async () => {
  here.put({
    '.sops.yaml': `${PEOPLE}creation_rules:\n  - path_regex: ^secrets/\n    key_groups: [{ age: [${ALICE}, ${CAROL}] }]\n`,
  });
  const { stdout, exit } = await here.sotto(['who']);
  expect(exit).toBe(0);
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^secrets\/dev\.yaml {4}ann, bob! {3}rule 1; ! not in the rule; missing: age1\S+$/),
    expect.stringMatching(/^secrets\/prod\.yaml {3}ann {9}rule 1; missing: age1\S+$/),
    '',
  ]);
});

test('of a person, who tells the files and the commit since when', async () => {
  here.put({ '.sops.yaml': rulesFor('*ops') });
  await here.sotto(['sync', '--yes'], as('alice'));
  const uncommitted = await here.sotto(['who', '--person', 'bob']);
  expect(uncommitted.stdout).toContain('not committed yet');
  const second = here.commit({});
  const { stdout } = await here.sotto(['who', '--person', 'bob']);
  expect(stdout).toMatch(new RegExp(`dev\\.yaml.*since \\d{4}-\\d\\d-\\d\\d \\(${first.slice(0, 7)}\\)`));
  expect(stdout).toMatch(new RegExp(`prod\\.yaml.*\\(${second.slice(0, 7)}\\)`));
  const report = JSON.parse((await here.sotto(['who', '--json', 'secrets/prod.yaml'])).stdout);
  expect(report.files[0].readers.find(({ name }: { name: string }) => name === 'bob')).toMatchObject({
    name: 'bob',
    expected: true,
    since: { commit: second },
  });
});

test('a name that nobody has is an error, and a name with control characters is shown escaped', async () => {
  expect((await here.sotto(['who', '--person', 'mallory'])).exit).toBe(1);
  here.put({
    '.sops.yaml': `creation_rules:\n  - key_groups:\n    - age: [${ALICE}] # \u001b[31mann\n`.replace(
      '\u001b',
      '\u009b',
    ),
  });
  const { stdout } = await here.sotto(['who']);
  expect(stdout).not.toMatch(/[\u0080-\u009f\u001b]/);
});
