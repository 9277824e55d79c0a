import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newIdentityFile } from '../../src/index.ts';
import { type Session, startSession } from '../support/session.ts';

const { text: identity, recipient } = await newIdentityFile(new Date());

let session: Session;
beforeEach(() => {
  session = startSession({ SOPS_AGE_KEY: identity });
});
afterEach(() => session.end());

function rule(more = ''): void {
  session.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n${more}`);
}

describe('a name without a suffix that sops knows', () => {
  test.each(['.env.local', 'prod.env.enc', '.env.production'])('%s: the rule says dotenv', async (name) => {
    rule('    sotto: {format: dotenv, stores: {dotenv: {dialect: sops}}}\n');
    session.write(name, 'A=secret\n# note\nB="x"\n');
    expect(await session.sotto(['encrypt', '-i', name])).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(session.read(name)).toMatch(/^A=ENC\[[\s\S]*\nsops_mac=ENC\[/);
    expect(await session.sotto(['decrypt', name])).toEqual({
      exit: 0,
      stdout: 'A=secret\n# note\nB="x"\n',
      stderr: '',
    });
    expect((await session.sotto(['set', name, '["A"]', '"new"'])).exit).toBe(0);
    expect((await session.sotto(['rotate', '-i', name])).exit).toBe(0);
    expect((await session.sotto(['decrypt', name])).stdout).toBe('A=new\n# note\nB="x"\n');
    expect((await session.sotto(['updatekeys', '-y', '.'])).stderr).toContain('already up to date');
  });

  test('an encrypted one is told by what is in it, and that is said', async () => {
    rule();
    session.write('.env.local', 'A=secret\n');
    const types = ['--input-type', 'dotenv', '--output-type', 'dotenv'];
    expect((await session.sotto(['encrypt', '-i', ...types, '.env.local'])).exit).toBe(0);
    const { exit, stdout, stderr } = await session.sotto(['decrypt', '.env.local']);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'A=secret\n' });
    expect(stderr).toContain('.env.local is read as dotenv, because of what is in it');
    expect(stderr).toContain('sops itself needs --input-type dotenv');
    expect((await session.sotto(['decrypt', '--input-type', 'dotenv', '.env.local'])).stdout).toBe(
      'A=secret\n',
    );
  });

  test('stdin is told by what is in it', async () => {
    rule();
    session.write('a.yaml', 'a: 1 # x\n');
    const { stdout: sealed } = await session.sotto(['encrypt', 'a.yaml']);
    const { exit, stdout, stderr } = await session.sotto(['decrypt'], { stdin: sealed });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'a: 1 # x\n' });
    expect(stderr).toContain('stdin is read as yaml');
  });

  test('a plain one is encrypted as a whole, as in sops, and that is said', async () => {
    rule();
    session.write('.env.local', 'A=secret\n');
    const { exit, stdout, stderr } = await session.sotto(['encrypt', '.env.local']);
    expect({ exit, start: stdout.slice(0, 16) }).toEqual({ exit: 0, start: '{\n\t"data": "ENC[' });
    expect(stderr).toContain('.env.local is encrypted as a whole, as in sops');
    session.write('key.pem', 'x');
    expect((await session.sotto(['encrypt', 'key.pem'])).stderr).toBe('');
  });

  test('a type that there is not is an error with its place', async () => {
    rule('    sotto:\n      format: dotenf\n');
    session.write('x', 'A=1\n');
    const { exit, stderr } = await session.sotto(['encrypt', 'x']);
    expect(exit).toBe(1);
    expect(stderr).toContain('dotenf');
  });
});

test('a TOML file that sops encrypted as a whole opens as one', async () => {
  rule();
  session.write('a.toml', 'a = 1\n');
  const { stdout } = await session.sotto([
    'encrypt',
    '--input-type',
    'binary',
    '--output-type',
    'binary',
    'a.toml',
  ]);
  session.write('sealed.toml', stdout);
  expect((await session.sotto(['decrypt', 'sealed.toml'])).stdout).toBe('a = 1\n');
});

test('the suffix counts more than the rule, and a type that was asked for more than the suffix', async () => {
  rule('    sotto: {format: dotenv}\n');
  session.write('a.yaml', 'a: 1\n');
  expect((await session.sotto(['encrypt', 'a.yaml'])).stdout).toMatch(/^a: ENC\[/);
  const { stdout } = await session.sotto([
    'encrypt',
    '--input-type',
    'binary',
    '--output-type',
    'json',
    'a.yaml',
  ]);
  expect(stdout).toMatch(/^\{\n\t"data": "ENC\[/);
});
