import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, BOB, type GitSession, startGitSession } from '../support/git-session.ts';

let here: GitSession;
beforeEach(() => {
  here = startGitSession();
});
afterEach(() => here.end());

function config(recipients: string): string {
  return `creation_rules:
  - age: ${recipients}
sotto:
  lifecycle: true
  secrets:
    - values: [db.password, token]
      max_age: 30d
      renew: { generate: { kind: random, length: 24 }, strategy: internal }
`;
}

async function sotto(...line: readonly string[]) {
  return here.sotto(line, as('alice'));
}

async function get(path: string): Promise<string> {
  return (await sotto('get', 'app.yaml', path)).stdout;
}

test('what somebody who left could read is renewed, and what nothing is said of is named', async () => {
  here.put({
    '.sops.yaml': config(`${ALICE},${BOB}`),
    'app.yaml': 'db:\n  password: known-to-bob\nother: known, too\n',
  });
  await sotto('encrypt', '-i', 'app.yaml');
  here.commit({});
  here.put({ '.sops.yaml': config(ALICE) });
  await sotto('rotate', '-i', '--rm-age', BOB, 'app.yaml');
  await sotto('set', 'app.yaml', 'token', '"never seen"');
  here.commit({});
  const { exit, stderr } = await sotto('renew', '--exposed', BOB, '--yes');
  expect(stderr).toMatch(/^warning: nothing says how app\.yaml#other is renewed\n/);
  expect(stderr).toContain('app.yaml#db.password: created, promoted');
  expect(exit).toBe(0);
  expect(await get('db.password')).toMatch(/^\w{24}$/);
  expect(await get('token')).toBe('never seen');
  const again = await sotto('renew', '--exposed', BOB, '--yes');
  expect(again.stderr).toContain('there is nothing to do');
  expect((await sotto('renew', '--exposed', 'nobody', '--yes')).stderr).toMatch(/nobody here has this name/);
});
