import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { newIdentityFile } from '../../src/index.ts';
import { type Session, startSession } from '../support/session.ts';

const { text: identity, recipient } = await newIdentityFile(new Date());
const secretKey = /AGE-SECRET-KEY-\S+/.exec(identity)?.[0] ?? '';

let session: Session;
afterEach(() => session.end());

/** A session with an encrypted file and no key, and what the program says there. */
async function start(environment: Readonly<Record<string, string>> = {}): Promise<Session> {
  session = startSession({ SOPS_AGE_RECIPIENTS: recipient, ...environment });
  session.write('p.yaml', 'a: 1\n');
  await session.sotto(['encrypt', '--output', 'e.yaml', 'p.yaml']);
  return session;
}

async function said(args: readonly string[]): Promise<string> {
  return (await session.sotto(args)).stderr;
}

describe('a key that is not found', () => {
  test.each([
    ['# only a comment', 'SOPS_AGE_KEY: there is no identity in it\n'],
    ['   ', 'SOPS_AGE_KEY: there is no identity in it\n'],
    [
      `# x\\n${secretKey}`,
      'SOPS_AGE_KEY: there is no identity in it; it has the two characters \\n where a line should end\n',
    ],
  ])('because there is none in SOPS_AGE_KEY=%j', async (text, line) => {
    await start({ SOPS_AGE_KEY: text });
    const message = await said(['decrypt', 'e.yaml']);
    expect(message).toContain(`  ${line}`);
    expect(message).not.toContain(secretKey);
  });

  test('because SOPS_AGE_KEY_FILE is set, but empty', async () => {
    await start({ SOPS_AGE_KEY_FILE: '' });
    expect(await said(['decrypt', 'e.yaml'])).toContain('  SOPS_AGE_KEY_FILE: it is set, but empty\n');
  });
});

test('an empty command does nothing, as in a shell', async () => {
  await start({ SOPS_AGE_KEY: identity });
  for (const verb of ['exec-env', 'exec-file']) {
    expect(await session.sotto([verb, 'e.yaml', ''])).toEqual({ exit: 0, stdout: '', stderr: '' });
  }
});

describe('a value for set that is no JSON', () => {
  test.each([
    ['text', `in JSON a text has quotes: '"text"'`],
    ['"x\ny"', 'a line break inside of the quotes is written \\n'],
    ['"C:\\temp\\x"', 'inside of the quotes, a quote is written \\", a backslash \\\\'],
  ])('is told apart: %j', async (value, hint) => {
    await start({ SOPS_AGE_KEY: identity });
    const message = await said(['set', 'e.yaml', '["a"]', value]);
    expect(message).toContain(`the value is not JSON\nfix: ${hint}`);
    expect(message).toContain(
      `; for a text as it is, "sotto set e.yaml '["a"]'" asks for it, and "sotto set --stdin e.yaml '["a"]'" reads it\n`,
    );
  });
});

describe('YAML that can not be read', () => {
  test.each([
    ['a:\tb\n\tc: d\n', '2:1', 'a tab'],
    ['ok: 1\npw: {ABS22CD\nz: 1\n', '2:5', "',' or '}'"],
    ['ok: 1\nl: [a,\n  b\nz: 1\n', '2:4', "',' or ']'"],
    ['ok: {a: [b, c}\n', '1:9', "',' or ']'"],
  ])('is shown where it begins: %j', async (text, place, what) => {
    await start();
    session.write('t.yaml', text);
    const message = await said(['encrypt', 't.yaml']);
    expect(message).toContain(`at t.yaml:${place}\n`);
    expect(message).toContain(what);
  });

  test('is a template', async () => {
    await start();
    session.write('t.yaml', 'name: {{ .Values.x }}\n');
    expect(await said(['encrypt', 't.yaml'])).toContain('fix: put what is in {{ }} into quotes');
  });

  test('is what another format can say and YAML can not, without a place in what nobody wrote', async () => {
    await start();
    session.write('d.json', '{"a":1,"a":2}');
    const message = await said(['encrypt', '--output-type', 'yaml', 'd.json']);
    expect(message).toContain('mapping key "a" already defined\n  at d.json\n');
  });
});

describe('a file that is not one encrypted file', () => {
  test('is two', async () => {
    await start({ SOPS_AGE_KEY: identity });
    await session.sotto(['encrypt', '--output', 'f.yaml', 'p.yaml']);
    session.write('two.yaml', `${session.read('e.yaml')}---\n${session.read('f.yaml')}`);
    expect(await said(['decrypt', 'two.yaml'])).toContain('fix: if two encrypted files were put into one');
    session.write('two.yaml', `x: 1\n---\n${session.read('f.yaml')}`);
    expect(await said(['decrypt', 'two.yaml'])).toContain('two files were put into one; take them apart');
  });

  test('is empty', async () => {
    await start({ SOPS_AGE_KEY: identity });
    session.write('f.yaml', '');
    expect(await said(['decrypt', 'f.yaml'])).toContain(
      'error: the file is empty, which an encrypted one never is',
    );
    expect(readFileSync(join(session.folder, 'f.yaml'), 'utf8')).toBe('');
  });
});
