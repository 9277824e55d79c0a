import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newIdentityFile } from '../../src/index.ts';
import { type Session, startSession } from '../support/session.ts';

const { text: identity, recipient } = await newIdentityFile(new Date());

const APP = `;;;;;;;;;;;;;;;;;;
; About this file ;
;;;;;;;;;;;;;;;;;;
[database]\t; the main one
host     = db.example.test
password = "p@ss word" ; changed in May
url      = postgres://u:p@h/db?x#frag

; loaded in this order
extension = curl
extension = intl
[mail]
from = 'Shop <shop@example.test>'
; end
`;

let session: Session;
beforeEach(() => {
  session = startSession({ SOPS_AGE_KEY: identity, SOPS_AGE_RECIPIENTS: recipient });
  session.write('app.ini', APP);
});
afterEach(() => session.end());

async function succeed(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { exit, stdout, stderr } = await session.sotto(args);
  expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
  return { stdout, stderr };
}

describe('an INI file in daily use', () => {
  test('comes back byte for byte, and shows nothing meanwhile', async () => {
    await succeed('encrypt', '-i', 'app.ini');
    const sealed = session.read('app.ini');
    for (const word of [
      'About',
      'main one',
      'db.example',
      'p@ss',
      'May',
      'frag',
      'curl',
      'intl',
      'shop@',
      'end',
    ]) {
      expect(sealed).not.toContain(word);
    }
    expect(sealed).toMatch(/^\[sops\]$/m);
    await succeed('decrypt', '-i', 'app.ini');
    expect(session.read('app.ini')).toBe(APP);
  });

  test('what sops reads otherwise is said once, when it is encrypted', async () => {
    const { stderr } = await succeed('encrypt', '-i', 'app.ini');
    expect(stderr.match(/^warning: .*/gm)).toEqual([
      expect.stringMatching(/^warning: line 7: a # or ; inside a value begins a comment/),
      expect.stringMatching(/^warning: line 10: a key is there more than once/),
    ]);
    expect((await succeed('decrypt', 'app.ini')).stderr).toBe('');
    expect((await succeed('set', 'app.ini', '["database"]["host"]', '"other"')).stderr).toBe('');
    session.write('plain.ini', APP.replace('curl', 'gd'));
    expect((await succeed('encrypt', '--onto', 'app.ini', '-i', 'plain.ini')).stderr).toBe('');
  });

  test('an edit changes the tokens of what changed, and no others', async () => {
    await succeed('encrypt', '-i', 'app.ini');
    const before = session.read('app.ini');
    await succeed('set', 'app.ini', '["database"]["password"]', '"new;one"');
    await succeed('unset', 'app.ini', '["mail"]');
    const after = session.read('app.ini');
    const tokens = before.match(/ENC\[[^\]]*comment\]/g) ?? [];
    expect(tokens.length).toBeGreaterThan(4);
    expect(tokens.filter((token) => !after.includes(token))).toHaveLength(0);
    expect((await succeed('decrypt', 'app.ini')).stdout).toBe(
      APP.replace(
        'password = "p@ss word" ; changed in May',
        '; changed in May\npassword = `new;one`',
      ).replace("[mail]\nfrom = 'Shop <shop@example.test>'\n", ''),
    );
  });

  test('a folder of them gets other recipients and another key', async () => {
    await succeed('encrypt', '-i', 'app.ini');
    const before = session.read('app.ini');
    const { recipient: other } = await newIdentityFile(new Date());
    session.write('.sops.yaml', `creation_rules: [{age: "${recipient},${other}"}]\n`);
    await succeed('updatekeys', '--yes', '.');
    expect(session.read('app.ini')).toContain(other);
    await succeed('rotate', '-i', 'app.ini');
    const tokens = before.match(/ENC\[[^\]]*\]/g) ?? [];
    expect(tokens.filter((token) => session.read('app.ini').includes(token))).toEqual([]);
    expect((await succeed('decrypt', 'app.ini')).stdout).toBe(APP);
  });

  test('goes into YAML, and out of it, with its comments', async () => {
    session.write('a.yaml', 's:\n  # one\n  # two\n  a: 1\n  f: 1.0\n  q: "x;y"\n');
    const { stdout } = await succeed('encrypt', '--output-type', 'ini', 'a.yaml');
    session.write('b.ini', stdout);
    expect((await succeed('decrypt', 'b.ini')).stdout).toBe(
      ';  one\n; two\n[s]\na = 1\nf = 1.0\nq = `x;y`\n',
    );
    expect((await succeed('decrypt', '--output-type', 'yaml', 'b.ini')).stdout).toBe(
      'DEFAULT: {}\ns:\n    # one\n    # ; two\n    a: 1\n    f: 1\n    q: x;y\n',
    );
    expect((await succeed('decrypt', '--extract', '["s"]["q"]', 'b.ini')).stdout).toBe('x;y');
  });

  test('encrypting it into another format warns of what is lost on the way', async () => {
    const { stderr } = await succeed('encrypt', '--output-type', 'json', 'app.ini');
    expect(stderr).toContain('begins a comment');
  });
});
