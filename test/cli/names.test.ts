import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../support/git-session.ts';
import type { Outcome, World } from '../support/session.ts';

/** A configuration in which ben is called otherwise, and whose rule names some of the people. */
const config = (ben: string, team: string): string => `sotto:
  people:
    ann: &ann { age: [${ALICE}] }
    ${ben}: &ben { age: [${BOB}] }
    cleo: &cleo { age: [${CAROL}] }
  teams:
    ops: &ops { merge: [${team}] }
creation_rules:
  - key_groups: [*ops]
`;

let here: GitSession;
beforeAll(async () => {
  here = startGitSession();
  here.put({
    '.sops.yaml': config('ben', '*ann, *ben'),
    'a.yaml': 'password: hunter2\n',
    'b.yaml': 'password: hunter3\n',
  });
  const { exit, stderr } = await here.sotto(['encrypt', '-i', 'a.yaml', 'b.yaml'], as('alice'));
  expect(exit, stderr).toBe(0);
  here.commit({});
  // Ben goes, cleo comes; the files are as before.
  here.put({ '.sops.yaml': config('ben', '*ann, *cleo') });
});
afterAll(() => here.end());

async function said(args: readonly string[], world: World = as('alice')): Promise<string> {
  const { stdout, stderr }: Outcome = await here.sotto(args, world);
  return stdout + stderr;
}

/** Command lines that speak of recipients: by what people call them. */
const SPEAKING: { readonly [line: string]: readonly RegExp[] } = {
  'check --no-keys': [/recipient-extra +ben \(age1v3h0k…\) can read it/, /cleo \(age1\S+…\) can not read it/],
  'sync --check': [/\+ reader cleo \(age1\S+…\)\n +- reader ben \(age1v3h0k…\)/],
  'updatekeys --check a.yaml': [/^--- ben \(age1v3h0k\w+\)$/m, /^ {4}ann \(age1nxq87\w+\)$/m],
  'updatekeys --check a.yaml b.yaml': [/2 files: \+ cleo \(age1\S+…\), − ben \(age1v3h0k…\)/],
  'rotate a.yaml': [/wrapped for ben \(age1v3h0k…\), whom rule 1/],
  [`rotate --accept-file --rm-age ${CAROL} a.yaml`]: [/cleo \(age1\w+\) was to be taken out, and is no/],
  'set a.yaml ["password"] "x"': [/encrypted for ben \(age1v3h0k…\), whom rule 1/],
  'groups add -f a.yaml --age CAROL': [/wrapped for ben \(age1v3h0k…\)/],
  who: [/a\.yaml +ann, ben! .*missing: cleo/],
};

test.each(Object.entries(SPEAKING))('%s calls people by their names', async (line, texts) => {
  const text = await said(line.replace('CAROL', CAROL).split(' '));
  for (const pattern of texts) expect(text).toMatch(pattern);
  here.git('checkout', '-q', '--', 'a.yaml');
});

test('who could open a file is said by name, and which key is here', async () => {
  const text = await said(['decrypt', 'a.yaml'], as('carol'));
  expect(text).toMatch(/needs one of: ann \(age1nxq87…\)[\s\S]*ben \(age1v3h0k…\)[\s\S]*you have: +cleo \(/);
});

test('reports have the names beside the keys', async () => {
  const updated: { groups: { name?: string; id: string }[][] }[] = JSON.parse(
    (await here.sotto(['updatekeys', '--check', '--json', 'a.yaml'], as('alice'))).stdout,
  );
  expect(updated[0]?.groups[0]?.map(({ name }) => name).sort()).toEqual(['ann', 'ben', 'cleo']);
  const { stdout } = await here.sotto(['sync', '--check', '--json'], as('alice'));
  expect(JSON.parse(stdout)).toMatchObject([{ removed: [{ name: 'ben', id: BOB }] }, {}]);
});

test('a key has one name: who is there already is not added as another', async () => {
  const { exit, stderr } = await here.sotto(['add', 'dora', BOB, '--to', 'ops', '--yes'], as('alice'));
  expect({ exit, stderr }).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining("a key of ben's already"),
  });
  expect(here.git('status', '--porcelain').trim()).toBe('M .sops.yaml');
});

describe('under the name sops', () => {
  test.each(['updatekeys --yes a.yaml', 'rotate a.yaml', 'decrypt a.yaml'])(
    '%s has no names',
    async (line) => {
      const text = await said(line.split(' '), { ...as('carol'), program: 'sops' });
      expect(text).not.toMatch(/\b(?:ann|ben|cleo)\b/);
      here.git('checkout', '-q', '--', 'a.yaml');
    },
  );
});

describe.each([
  ['an escape sequence', '"\\x1b[2J\\x1b]0;x\\x07ben"', /\\u001b\[2J.*ben \(/],
  ['what turns the direction of writing', '"ben\\u202e\\u2066"', /ben\\u202e\\u2066 \(/],
  ['what can not be seen', '"ben\\u200b\\ufeff"', /ben\\u200b\\ufeff \(/],
  ['a line break', '"ben\\nwarning: all is well"', /ben\\nwarning: all is well \(/],
  ['nine hundred characters', `"${'ben'.repeat(300)}"`, /(?:ben){13}… \(/],
])('a name with %s', (_, name, shown) => {
  test('is shown escaped, and cut', async () => {
    here.put({ '.sops.yaml': config(name, '*ann, *cleo') });
    for (const line of Object.keys(SPEAKING).slice(0, 4)) {
      const text = await said(line.split(' '));
      expect(text, line).toMatch(shown);
      expect(text, line).not.toMatch(/[\u001b\u0007\u200b\u202e\u2066\ufeff]|(?:ben){100}/);
      expect(text, line).not.toMatch(/^warning: all is well/m);
    }
    here.put({ '.sops.yaml': config('ben', '*ann, *cleo') });
  });
});
