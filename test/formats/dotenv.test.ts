import { expect, test } from 'vitest';
import { dotenv } from '../../src/formats/dotenv/index.ts';
import {
  decrypt,
  encrypt,
  encryptOnto,
  newIdentityFile,
  rotate,
  SottoError,
  set,
  unset,
} from '../../src/index.ts';

const KEY = await newIdentityFile(new Date());
const DOTENV = { format: 'dotenv', identities: KEY.text } as const;

async function sealed(text: string) {
  return (await encrypt(text, { format: 'dotenv', recipients: [KEY.recipient] })).text;
}

const opened = async (text: string) => (await decrypt(text, DOTENV)).text;

const REFUSED: readonly (readonly [text: string, line: number, hint: string])[] = [
  ['A=1\nzqsecretqz\n', 2, 'KEY=VALUE'],
  ['A=1\n  # zqsecretqz\n', 2, 'first column'],
  ['A=1\n  \n', 2, 'blanks'],
  ['A=1\r\n\r\n', 2, 'carriage return'],
  ['A="1\nzqsecretqz"\n', 2, 'dialect standard'],
];

test.each(REFUSED)('%j is refused with its line, which is not shown', (text, line, hint) => {
  let error: unknown;
  try {
    dotenv.read(text);
  } catch (reason) {
    error = reason;
  }
  expect(error).toBeInstanceOf(SottoError);
  expect(error).toMatchObject({ exit: 2, details: { line, column: 1, hint: expect.stringContaining(hint) } });
  expect(JSON.stringify(error) + String(error)).not.toContain('zqsecretqz');
});

test('an encrypted file that was given CRLF line ends says so', async () => {
  const text = (await sealed('A=1\n')).replaceAll('\n', '\r\n');
  const error = await opened(text).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    exit: 1,
    message: expect.stringContaining('the encrypted file got CRLF line ends'),
  });
});

test('the metadata is where tools look for it, one line each, at the end', async () => {
  const lines = (await sealed('# c\n\nA=1')).split('\n');
  expect(lines.findIndex((line) => line.startsWith('sops_'))).toBe(3);
  expect(lines.slice(3, -1).every((line) => line.startsWith('sops_'))).toBe(true);
  expect(lines.filter((line) => line.startsWith('sops_mac=ENC[AES256_GCM,'))).toHaveLength(1);
  expect(lines.slice(3, -1)).toEqual(lines.slice(3, -1).sort());
});

test("a variable named sops is the user's", async () => {
  const text = await sealed('sops=1\nA=2\n');
  expect(text).toMatch(/^sops=ENC/);
  expect(await opened(text)).toBe('sops=1\nA=2\n');
  expect(await opened((await unset(text, '["sops"]', DOTENV)).text)).toBe('A=2\n');
});

test("a value that its line can't say stays what it was set to, through every command", async () => {
  const value = 'C:\\new';
  const first = (await set(await sealed('A=1\nB=2\n'), '["A"]', value, DOTENV)).text;
  expect(await opened(first)).toBe('A=C:\\new\nB=2\n');
  const other = (await set(first, '["B"]', '3', DOTENV)).text;
  const edited = (await encryptOnto(other, 'A=C:\\new\nB=4\n# c\n', DOTENV)).text;
  expect(edited).toContain(/^A=.*$/m.exec(first)?.[0]);
  const rotated = (await rotate(edited, DOTENV)).text;
  for (const text of [first, other, edited, rotated]) {
    expect((await decrypt(text, { ...DOTENV, extract: '["A"]' })).text).toBe(value);
    expect(JSON.parse((await decrypt(text, { ...DOTENV, output: 'json' })).text)).toMatchObject({ A: value });
  }
  const changed = await set(first, '["A"]', 'C:\new', DOTENV);
  expect(changed.changed).toBe(true);
  expect((await decrypt(changed.text, { ...DOTENV, extract: '["A"]' })).text).toBe('C:\new');
});

test.each([
  ['["A"]', { b: 1 }, 'output-unsupported'],
  ['["A"]', [1], 'output-unsupported'],
  ['["A"]', null, 'output-unsupported'],
  ['["A"]["b"]', 'x', 'set-invalid'],
  ['["#a"]', 'x', 'set-invalid'],
  ['["a=b"]', 'x', 'set-invalid'],
  ['["sops_a"]', 'x', 'already-encrypted'],
  ['["D"]', 'x', 'set-invalid'],
  ['["O_unencrypted"]', 'C:\\new', 'encrypt-failed'],
])('set %s to %j is refused as %s', async (path, value, code) => {
  const text = await sealed('A=1\nD=1\nD=2\nO_unencrypted=3\n');
  expect(await set(text, path, value, DOTENV).catch((reason: unknown) => reason)).toMatchObject({ code });
});

test('a new key goes above the comments at the end, which would speak for it', async () => {
  const text = await sealed('A=1\n\n# about nothing\n# more\n');
  expect(await opened((await set(text, '["B"]', '2', DOTENV)).text)).toBe(
    'A=1\nB=2\n\n# about nothing\n# more\n',
  );
  const first = await sealed('# header\n');
  expect(await opened((await set(first, '["B"]', '2', DOTENV)).text)).toBe('# header\nB=2\n');
});

test('unset takes the comments right above with it, and one of two blank lines', async () => {
  const text = await sealed('A=1\n\n# b\n#b\nB=2\n\n# c\nC=3');
  expect(await opened((await unset(text, '["B"]', DOTENV)).text)).toBe('A=1\n\n# c\nC=3');
  expect(await opened((await unset(text, '["C"]', DOTENV)).text)).toBe('A=1\n\n# b\n#b\nB=2\n');
});
