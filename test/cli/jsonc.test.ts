import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newIdentityFile } from '../../src/index.ts';
import { type Session, startSession } from '../support/session.ts';

const { text: identity, recipient } = await newIdentityFile(new Date());

const SETTINGS = `// The service
{
  "host": "example.com", // the public name
  "db": {
    // rotate monthly
    "password": "s3cr3t",
  },
}
`;

let session: Session;
beforeEach(() => {
  session = startSession({ SOPS_AGE_KEY: identity, SOPS_AGE_RECIPIENTS: recipient });
  session.write('settings.jsonc', SETTINGS);
  session.write('tsconfig.json', SETTINGS);
});
afterEach(() => session.end());

async function run(...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await session.sotto(args);
  // A rotated key is said to be wrapped for somebody.
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: args[0] === 'rotate' ? stderr : '' });
  return stdout;
}

/** It says for whom. */
async function rotate(...args: string[]): Promise<void> {
  const { exit, stderr } = await session.sotto(['rotate', '-i', ...args]);
  expect({ exit, stderr: stderr.split('\n')[1] }).toEqual({ exit: 0, stderr: `    ${recipient}` });
}

describe('a .json file with comments', () => {
  test('is refused, with a hint that names the type', async () => {
    const { exit, stdout, stderr } = await session.sotto(['encrypt', 'tsconfig.json']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain('tsconfig.json:1:1');
    expect(stderr).toContain(
      "fix: comments are no JSON; --input-type jsonc reads such a file, but sops can't read",
    );
  });

  test('is encrypted, changed and decrypted with --input-type jsonc', async () => {
    await run('encrypt', '-i', '--input-type', 'jsonc', 'tsconfig.json');
    const before = session.read('tsconfig.json');
    expect(before).not.toMatch(/s3cr3t|public|monthly|service/);
    expect(await run('decrypt', '--input-type', 'jsonc', 'tsconfig.json')).toBe(SETTINGS);
    await run('set', '--input-type', 'jsonc', 'tsconfig.json', '["db"]["port"]', '5432');
    await run('unset', '--input-type', 'jsonc', 'tsconfig.json', '["host"]');
    expect(await run('decrypt', '--input-type', 'jsonc', 'tsconfig.json')).toBe(`// The service
{
  "db": {
    // rotate monthly
    "password": "s3cr3t",
    "port": 5432,
  },
}
`);
    const kept = session.read('tsconfig.json').split('\n');
    const comment = before.split('\n').find((line) => line.startsWith('    //ENC['));
    expect(kept).toContain(comment);
    await rotate('--input-type', 'jsonc', 'tsconfig.json');
    expect(session.read('tsconfig.json')).not.toContain(comment);
  });
});

describe('a .jsonc file', () => {
  test('is encrypted as JSONC', async () => {
    await run('encrypt', '-i', 'settings.jsonc');
    expect(session.read('settings.jsonc')).toMatch(/"host": "ENC\[.*", \/\/ENC\[/);
    expect(await run('decrypt', 'settings.jsonc')).toBe(SETTINGS);
    await rotate('settings.jsonc');
    expect(await run('decrypt', 'settings.jsonc')).toBe(SETTINGS);
  });

  test('is of the type that is named', async () => {
    expect(await run('encrypt', '--output-type', 'json', 'settings.jsonc')).not.toContain('//ENC');
  });

  test('is binary under the name of sops, as it is to sops', async () => {
    const { exit, stdout, stderr } = await session.sotto(['encrypt', 'settings.jsonc'], { program: 'sops' });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(Object.keys(JSON.parse(stdout))).toEqual(['data', 'sops']);
    session.write('settings.jsonc', await run('encrypt', '--input-type', 'jsonc', 'settings.jsonc'));
    const opened = await session.sotto(['decrypt', 'settings.jsonc'], { program: 'sops' });
    expect(opened).toEqual({ exit: 0, stdout: SETTINGS, stderr: '' });
  });

  test('is read as sops wrote it, which is as a whole', async () => {
    const whole = await run('encrypt', '--input-type', 'binary', 'settings.jsonc');
    expect(whole).toMatch(/^\{\n\t"data": "ENC\[/);
    session.write('settings.jsonc', whole);
    expect(await run('decrypt', 'settings.jsonc')).toBe(SETTINGS);
    await rotate('settings.jsonc');
    await run('decrypt', '-i', 'settings.jsonc');
    expect(session.read('settings.jsonc')).toBe(SETTINGS);
  });

  test('is edited with its comments', async () => {
    await session.sotto(['encrypt', '-i', 'settings.jsonc']);
    const edited = await session.sotto(['edit', 'settings.jsonc'], {
      environment: { EDITOR: `sed -i 's/rotate monthly/rotate weekly/'` },
    });
    expect(edited).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(await run('decrypt', 'settings.jsonc')).toBe(SETTINGS.replace('monthly', 'weekly'));
  });
});

describe('a conversion', () => {
  test('from JSONC keeps the comments in YAML, and drops them in JSON', async () => {
    session.write('sealed', await run('encrypt', '--input-type', 'jsonc', 'settings.jsonc'));
    expect(await run('decrypt', '--input-type', 'jsonc', '--output-type', 'yaml', 'sealed')).toBe(
      '# the public name\nhost: example.com\ndb:\n    # rotate monthly\n    password: s3cr3t\n',
    );
    expect(await run('decrypt', '--input-type', 'jsonc', '--output-type', 'json', 'sealed')).toBe(
      '{\n\t"host": "example.com",\n\t"db": {\n\t\t"password": "s3cr3t"\n\t}\n}\n',
    );
  });

  test('to JSONC puts the comments above', async () => {
    session.write('a.yaml', '# about a\na: 1 # one\nb:\n  - 2 # two\n');
    const sealed = await run('encrypt', '--output-type', 'jsonc', 'a.yaml');
    expect(sealed).toMatch(/^\{\n\t\/\/ENC\[/);
    session.write('sealed', sealed);
    expect(await run('decrypt', '--input-type', 'jsonc', 'sealed')).toBe(
      '{\n\t// about a\n\t// one\n\t"a": 1,\n\t"b": [\n\t\t// two\n\t\t2\n\t]\n}\n',
    );
  });
});
