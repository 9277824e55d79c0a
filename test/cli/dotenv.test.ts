import { chmodSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { newIdentityFile } from '../../src/index.ts';
import { type Session, startSession } from '../support/session.ts';

const KEY = await newIdentityFile(new Date());
const OTHER = await newIdentityFile(new Date());
const PLAIN = '# secrets\nexport A="two words" # beside\n\nKEY=\'line\nline\'\nB_unencrypted = "x"\n';

let session: Session | undefined;
afterEach(() => session?.end());

function start(dialect: string, recipients = KEY.recipient): Session {
  session = startSession({ SOPS_AGE_KEY: KEY.text });
  session.write('.sops.yaml', config(dialect, recipients));
  return session;
}

function config(dialect: string, recipients: string): string {
  const settings = `    sotto: { stores: { dotenv: { dialect: ${dialect} } } }\n`;
  return `creation_rules:\n  - age: ${recipients}\n${settings}`;
}

test('a rule names the dialect of a new file; from then on the file says it itself', async () => {
  const here = start('standard');
  here.write('x.env', PLAIN);
  const run = async (...args: string[]) => {
    const { exit, stdout, stderr } = await here.sotto(args);
    const talks = args[0] === 'updatekeys' || args[0] === 'rotate';
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: talks ? stderr : '' });
    return stdout;
  };
  await run('encrypt', '-i', 'x.env');
  expect(here.read('x.env')).toContain('\nsops_sotto__map_dialect=standard\n');
  here.write('.sops.yaml', `creation_rules:\n  - age: ${KEY.recipient},${OTHER.recipient}\n`);
  expect(await run('decrypt', 'x.env')).toBe(PLAIN);
  await run('rotate', '-i', 'x.env');
  await run('updatekeys', '-y', 'x.env');
  expect(here.read('x.env')).toContain(OTHER.recipient);
  await run('set', 'x.env', '["A"]', '"three words"');
  const three = PLAIN.replace('two', 'three');
  expect(await run('decrypt', 'x.env')).toBe(three);
  here.write('plain.env', three.replace("'line\nline'", '"x\\ty"'));
  const before = here.read('x.env');
  await run('encrypt', '-i', '--onto', 'x.env', 'plain.env');
  const kept = /^A=ENC.*$/m.exec(before)?.[0] ?? '';
  expect(here.read('x.env')).toContain(kept);
  expect(JSON.parse(await run('decrypt', '--output-type', 'json', 'x.env'))).toEqual({
    A: 'three words',
    KEY: 'x\ty',
    B_unencrypted: 'x',
  });
  here.write('editor', '#!/bin/sh\nsed -i -e \'s/export A="three words"/A=4/\' "$1"\n');
  chmodSync(here.path('editor'), 0o755);
  const environment = { SOPS_EDITOR: here.path('editor'), PATH: process.env['PATH'] ?? '' };
  expect(await here.sotto(['edit', 'x.env'], { environment })).toMatchObject({ exit: 0, stderr: '' });
  expect(await run('decrypt', 'x.env')).toBe('# secrets\nA=4 # beside\n\nKEY="x\\ty"\nB_unencrypted = "x"\n');
  await run('unset', 'x.env', '["KEY"]');
  expect(await run('decrypt', 'x.env')).toBe('# secrets\nA=4 # beside\n\nB_unencrypted = "x"\n');
});

test('a new file in the editor, and one from another format, are in the dialect of the rule', async () => {
  const here = start('standard');
  here.write('editor', '#!/bin/sh\necho "Z=\'z\' # c" >> "$1"\n');
  chmodSync(here.path('editor'), 0o755);
  const environment = { SOPS_EDITOR: here.path('editor'), PATH: process.env['PATH'] ?? '' };
  expect(await here.sotto(['edit', 'new.env'], { environment })).toMatchObject({ exit: 0, stderr: '' });
  expect((await here.sotto(['decrypt', 'new.env'])).stdout).toMatch(
    /\nexample_multiline="foo\\nbar\\nbaz"\nZ='z' # c\n$/,
  );
  here.write('x.yaml', 'a: "it\'s"\nb: 1\nc: C:\\new\n');
  const { stdout } = await here.sotto(['encrypt', '--output-type', 'dotenv', 'x.yaml']);
  here.write('y.env', stdout);
  expect((await here.sotto(['decrypt', 'y.env'])).stdout).toBe("a=\"it's\"\nb=1\nc='C:\\new'\n");
});

test('edit -s shows the metadata, and takes no change in it', async () => {
  const here = start('standard');
  here.write('x.env', PLAIN);
  await here.sotto(['encrypt', '-i', 'x.env']);
  here.write(
    'editor',
    '#!/bin/sh\ngrep -q ^sops_mac=ENC "$1" && sed -i -e s/two/2/ -e s/^sops_mac.*/sops_mac=no/ "$1"\n',
  );
  chmodSync(here.path('editor'), 0o755);
  const environment = { SOPS_EDITOR: here.path('editor'), PATH: process.env['PATH'] ?? '' };
  expect(await here.sotto(['edit', '-s', 'x.env'], { environment })).toMatchObject({ exit: 0, stderr: '' });
  expect((await here.sotto(['decrypt', 'x.env'])).stdout).toBe(PLAIN.replace('two', '2'));
});

test('a rule with a dialect that is not there is an error that names the configuration', async () => {
  const here = start('fancy');
  here.write('x.env', PLAIN);
  const { exit, stderr } = await here.sotto(['encrypt', 'x.env']);
  expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('no such dialect: fancy') });
  expect(stderr).toContain('.sops.yaml');
});

test('folders are searched for encrypted dotenv files, too', async () => {
  const here = start('sops');
  here.write('x.env', 'A=1\n');
  await here.sotto(['encrypt', '-i', 'x.env']);
  here.write('plain.env', 'A=1\n');
  const before = here.read('x.env');
  const { exit, stderr } = await here.sotto(['rotate', '-i', here.folder]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr });
  expect(here.read('x.env')).not.toBe(before);
  expect(here.read('plain.env')).toBe('A=1\n');
});
