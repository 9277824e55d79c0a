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

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));

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

test('what is older than its policy lets it become is renewed, in a pipeline too, and is young then', async () => {
  here.put({
    '.sops.yaml': config(ALICE).replace('30d', '90d'),
    'app.yaml': 'db:\n  password: old\nother: old\n',
    'late.yaml': 'token: old\n',
  });
  const on = (number: number, ...line: readonly string[]) =>
    here.sotto(line, { ...as('alice'), now: day(number) });
  await on(1, 'encrypt', '-i', 'app.yaml');
  await on(60, 'encrypt', '-i', 'late.yaml');
  here.commit({});
  expect((await on(70, 'renew', '--expired', '--soon', '--yes')).stderr).toContain('there is nothing to do');
  expect((await on(80, 'renew', '--expired', '--yes')).stderr).toContain('there is nothing to do');
  const planned = await on(80, 'renew', '--expired', '--soon', '--dry-run');
  expect(planned.stdout).toMatch(/^plan {3}app\.yaml#db\.password: [^\n]*\n$/);
  expect((await on(95, 'expiry')).exit).toBe(1);
  const { exit, stderr } = await on(95, 'renew', '--expired', '--yes');
  expect(stderr).toContain('app.yaml#db.password: created, promoted\n');
  expect(exit).toBe(0);
  expect(await get('db.password')).toMatch(/^\w{24}$/);
  expect(await on(95, 'expiry')).toMatchObject({ exit: 0 });
  expect((await on(160, 'renew', '--expired', '--yes', 'app.yaml')).stderr).toContain(
    'there is nothing to do',
  );
  expect((await on(160, 'renew', '--expired', '--yes', 'late.yaml')).stderr).toContain(
    'late.yaml#token: created',
  );
});

test('one that is stuck keeps no other from being renewed, and is named each time', async () => {
  here.put({
    '.sops.yaml': config(ALICE)
      .replace('[db.password, token]', '[db.password]')
      .replace(', strategy: internal', '')
      .concat(
        '    - values: [token]\n      max_age: 30d\n      renew: { generate: { kind: random }, strategy: internal }\n',
      ),
    'app.yaml': 'db:\n  password: old\ntoken: old\n',
    'other.yaml': 'token: old\n',
  });
  const on = (number: number, ...line: readonly string[]) =>
    here.sotto(line, { ...as('alice'), now: day(number) });
  await on(1, 'encrypt', '-i', 'app.yaml', 'other.yaml');
  here.commit({});
  await on(40, 'renew', '--yes', 'app.yaml', 'db.password');
  const planned = await on(40, 'renew', '--expired', '--dry-run');
  expect(planned.stdout).toMatch(/^plan {3}app\.yaml#token: [^\n]*\nplan {3}other\.yaml#token: [^\n]*\n$/);
  expect(planned.exit).toBe(1);
  const { exit, stderr } = await on(40, 'renew', '--expired', '--yes');
  expect(stderr).toMatch(/app\.yaml#db\.password is being renewed: that has not come to its end/);
  expect(stderr).toContain('app.yaml#token: created, promoted\n');
  expect(stderr).toContain('other.yaml#token: created, promoted\n');
  expect(exit).toBe(1);
  expect((await on(40, 'renew', '--yes', 'app.yaml', 'db.password')).stderr).toMatch(/is being renewed/);
});

test('what is old in a later document of a file is named, and nothing else renewed for it', async () => {
  here.put({ '.sops.yaml': config(ALICE), 'app.yaml': 'token: first\n---\ntoken: second\n' });
  const on = (number: number, ...line: readonly string[]) =>
    here.sotto(line, { ...as('alice'), now: day(number) });
  await on(1, 'encrypt', '-i', 'app.yaml');
  here.commit({});
  await on(40, 'set', 'app.yaml', 'token', '"young"');
  const { stderr } = await on(40, 'renew', '--expired', '--yes');
  expect(stderr).toMatch(/nothing says how app\.yaml#token of document 2 is renewed/);
  expect(await get('token')).toBe('young');
});

test('what may be older than it seems is named, and not renewed by the way', async () => {
  here.put({ '.sops.yaml': config(ALICE), 'app.yaml': 'token: old\nother: old\n' });
  const on = (number: number, ...line: readonly string[]) =>
    here.sotto(line, { ...as('alice'), now: day(number) });
  await on(1, 'encrypt', '-i', 'app.yaml');
  here.commit({});
  await here.sotto(['set', 'app.yaml', '["token"]', '"by sops"'], { ...as('alice'), program: 'sops' });
  here.commit({});
  const { stderr } = await on(31, 'renew', '--expired', '--yes');
  expect(stderr).toMatch(/^warning: the age of app\.yaml#token is unproven or unknown/);
  expect(stderr).toContain('there is nothing to do');
  expect(await get('token')).toBe('by sops');
  expect((await on(31, 'renew', '--yes', 'app.yaml', 'token')).exit).toBe(0);
});

test('a renewal that has begun is a finding of the gate, and its journal needs no rule', async () => {
  here.put({
    '.sops.yaml': config(ALICE)
      .replace(', strategy: internal', '')
      .replace('- age:', '- path_regex: ^app\n    age:'),
    'app.yaml': 'token: old\n',
  });
  await sotto('encrypt', '-i', 'app.yaml');
  here.commit({});
  await sotto('renew', '--yes', 'app.yaml', 'token');
  here.commit({});
  const { stdout } = await here.sotto(['check', '--json']);
  const findings: { file: string; rule: string }[] = JSON.parse(stdout).findings;
  const own = findings.filter(({ file }) => file.startsWith('.sotto/')).map(({ rule }) => rule);
  expect(own.sort()).toEqual(['renewal-pending', 'single-recipient']);
  await sotto('renew', '--resume', '--yes');
  expect((await here.sotto(['check', '--json'])).stdout).not.toContain('"renewal-pending"');
});
