import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VECTORS } from '../support/cases.ts';
import { type Session, startSession } from '../support/session.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const [ALICE, BOB] = ['alice', 'bob'].map(
  (name) => /age1[a-z0-9]+/.exec(readFileSync(join(VECTORS, `keys/age-${name}.txt`), 'utf8'))?.[0] ?? '',
);

const CARGO = `# Build settings.
[build]
jobs = 4            # parallel
since = 2024-05-01

[registries.internal]
token = 'Bearer s3cr3t'   # rotate yearly
`;

let here: Session;
beforeEach(() => {
  here = startSession({ SOPS_AGE_KEY: KEY });
  here.write('.sops.yaml', `creation_rules:\n  - encrypted_regex: ^registries$\n    age: ${ALICE}\n`);
  here.write('config.toml', CARGO);
});
afterEach(() => here.end());

test('a file is recognised by its suffix, and comes back byte for byte', async () => {
  expect(await here.sotto(['encrypt', '-i', 'config.toml'])).toMatchObject({ exit: 0, stderr: '' });
  const sealed = here.read('config.toml');
  expect(sealed).toContain('jobs = 4            # parallel\n');
  expect(sealed).toMatch(/^token = "ENC\[[^"]*\]" {3}#ENC\[[^"\n]*type:comment\]$/m);
  expect(sealed).toMatch(/\n\n\[sops\]\n(?:.*\n)*\n\[\[sops\.age\]\]\n/);
  expect((await here.sotto(['filestatus', 'config.toml'])).stdout).toBe('{"encrypted":true}\n');
  expect((await here.sotto(['decrypt', 'config.toml'])).stdout).toBe(CARGO);
});

test('a changed value is all that a diff shows, besides the MAC', async () => {
  await here.sotto(['encrypt', '-i', 'config.toml']);
  const before = here.read('config.toml').split('\n');
  await here.sotto(['set', 'config.toml', '["registries"]["internal"]["token"]', '"other"']);
  const after = here.read('config.toml').split('\n');
  const changed = after.filter((line) => !before.includes(line)).map((line) => line.split(' ')[0]);
  expect(changed).toEqual(expect.arrayContaining(['token', 'mac']));
  expect(changed.filter((key) => !/^(?:token|mac|lastmodified|frame|layout)$/.test(key ?? ''))).toEqual([]);
});

test('updatekeys finds it in a folder', async () => {
  mkdirSync(here.path('conf'));
  await here.sotto(['encrypt', '--output', 'conf/a.toml', 'config.toml']);
  here.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE},${BOB}\n`);
  expect(await here.sotto(['updatekeys', '--yes', 'conf'])).toMatchObject({ exit: 0 });
  expect(here.read('conf/a.toml').match(/^\[\[sops\.age\]\]$/gm)).toHaveLength(2);
});

test('it converts from and to YAML; null is refused with its path and status 4', async () => {
  await here.sotto(['encrypt', '-i', 'config.toml']);
  const { stdout } = await here.sotto(['decrypt', '--output-type', 'yaml', 'config.toml']);
  expect(stdout).toContain('    since: "2024-05-01"\n');
  expect(stdout).toContain('        # rotate yearly\n        token: Bearer s3cr3t\n');
  here.write('a.yaml', 'a: 0x10\nb:\n    c: null\n');
  expect(await here.sotto(['encrypt', '--output-type', 'toml', 'a.yaml'])).toMatchObject({
    exit: 4,
    stderr: expect.stringContaining('b.c'),
  });
});

test('what is no TOML is refused with its line and column', async () => {
  here.write('bad.toml', 'a = 1\nb = hunter2\n');
  const { exit, stderr } = await here.sotto(['encrypt', 'bad.toml']);
  expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('bad.toml:2:5') });
  expect(stderr).not.toContain('hunter2');
});

test('a new file begins with an example', async () => {
  here.write('editor.cjs', "require('fs').appendFileSync(process.argv[2], 'mine = 1\\n')");
  const editor = `${process.execPath} ${here.path('editor.cjs')}`;
  const { exit } = await here.sotto(['edit', 'new.toml'], { environment: { SOPS_EDITOR: editor } });
  expect(exit).toBe(0);
  expect((await here.sotto(['decrypt', 'new.toml'])).stdout).toMatch(/^hello = "Welcome[\s\S]*^mine = 1$/m);
});
