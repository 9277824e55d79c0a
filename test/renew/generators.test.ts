import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareSync } from 'bcryptjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecipe } from '../../src/commands/renew/generate/index.ts';
import type { Made, Recipe } from '../../src/commands/renew/generate/recipe.ts';
import { readConfig } from '../../src/config/read.ts';
import { SottoError } from '../../src/errors.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { parseIdentity } from '../../src/keys/age/identity.ts';
import { execFileSync } from '../support/processes.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-generators-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const io = nodeIo();
const WORKSHOP = {
  machine: { ...io, now: () => new Date() },
  run: async (words: readonly string[]) => `printed by ${words.join(' ')}`,
};

function recipe(settings: string): Promise<Recipe> {
  const generate = readConfig(`x:\n  generate: { ${settings} }\n`, '/x/.sops.yaml')
    .root?.get('x')
    ?.get('generate');
  if (generate === undefined) throw new Error('no generate');
  return readRecipe(generate);
}

async function made(settings: string, ...ingredients: readonly string[]): Promise<Made> {
  return (await recipe(settings)).make(ingredients, WORKSHOP);
}

async function refusal(settings: string, ...ingredients: readonly string[]): Promise<SottoError> {
  const error: unknown = await made(settings, ...ingredients).catch((thrown) => thrown);
  if (error instanceof SottoError) return error;
  throw new Error(`${settings} was taken`);
}

function inFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('random', () => {
  test('has the length and the characters that are asked for, whatever they are', async () => {
    const alphabet = fc.uniqueArray(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 2, maxLength: 90 });
    await fc.assert(
      fc.asyncProperty(alphabet, fc.integer({ min: 60, max: 200 }), async (codes, length) => {
        const signs = codes.map((code) => String.fromCharCode(code)).join('');
        if (NAMES.includes(signs)) return;
        const { text } = await made(`kind: random, length: ${length}, alphabet: ${JSON.stringify(signs)}`);
        expect([...text]).toHaveLength(length);
        expect([...text].filter((sign) => !signs.includes(sign))).toEqual([]);
      }),
    );
  });

  const NAMES = ['alphanumeric', 'hex', 'digits', 'base64url', 'ascii'];
  const SIZES: readonly (readonly [string, number])[] = [
    ['alphanumeric', 62],
    ['hex', 16],
    ['digits', 10],
    ['base64url', 64],
    ['ascii', 94],
    ['"αβγ日本"', 5],
  ];

  test.each(SIZES)('draws each character of %s as often as any other', async (alphabet, size) => {
    const counts = new Map<string, number>();
    const total = size * 2000;
    const length = 4000;
    const { make } = await recipe(`kind: random, length: ${length}, alphabet: ${alphabet}`);
    for (let at = 0; at < total; at += length)
      for (const sign of (await make([], WORKSHOP)).text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    const drawn = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const expected = drawn / size;
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(size);
    // Six deviations above what chance gives: one run in a billion fails.
    expect(chi).toBeLessThan(size - 1 + 6 * Math.sqrt(2 * (size - 1)) + 12);
  });

  test('gives no value twice', async () => {
    const { make } = await recipe('kind: random');
    const values = await Promise.all(Array.from({ length: 2000 }, () => make([], WORKSHOP)));
    expect(new Set(values.map(({ text }) => text)).size).toBe(2000);
    expect((await recipe('kind: random')).says).toBe('32 characters, 190 bits');
  });

  test('refuses what can be guessed, and alphabets that favour a character', async () => {
    expect((await refusal('kind: random, length: 6')).message).toMatch(/35 bits, which can be guessed/);
    expect((await refusal('kind: random, alphabet: aab')).message).toMatch(/a character twice/);
    expect((await refusal('kind: random, alphabet: "a b"')).message).toMatch(/none that are not seen/);
    expect((await refusal('kind: random, length: many')).message).toMatch(/whole number from 1/);
    expect((await refusal('kind: words, count: 2')).message).toMatch(/22 bits/);
  });
});

test('words are of a list, and each of them comes', async () => {
  const { make, says } = await recipe('kind: words, count: 256, separator: " "');
  const seen = new Set<string>();
  for (let run = 0; run < 120; run += 1)
    for (const word of (await make([], WORKSHOP)).text.split(' ')) seen.add(word);
  expect(seen.size).toBe(2048);
  expect(says).toBe('256 words, 2816 bits');
  expect((await made('kind: words')).text).toMatch(/^[a-z]+(-[a-z]+){7}$/);
});

test('a UUID is one of version 4', async () => {
  expect((await made('kind: uuid')).text).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

const PAIRS = ['kind: ed25519', 'kind: ec', 'kind: ec, curve: P-384', 'kind: rsa, bits: 2048'];

test.each(PAIRS)('%s makes a pair that signs and verifies, and that openssl reads', async (settings) => {
  const { text, publicText = '' } = await made(`${settings}, public: tls.pub`);
  const [key, other] = [createPrivateKey(text), createPublicKey(publicText)];
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const message = Buffer.from('hello');
  expect(verify(hash, message, other, sign(hash, message, key))).toBe(true);
  expect(openssl('pkey', '-in', inFile('key.pem', text), '-check', '-noout')).toMatch(/valid/);
  expect(openssl('pkey', '-in', inFile('key.pem', text), '-pubout')).toBe(publicText);
  expect(openssl('pkey', '-in', inFile('key.pem', text))).toBe(text);
  expect((await made(settings)).text).not.toBe(text);
});

test('an SSH key is one for ssh-keygen, with its public line', async () => {
  const { text, publicText } = await made('kind: ssh, comment: deploy@shop, public: ssh.pub');
  const key = inFile('id', text);
  expect(execFileSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' })).toBe(publicText);
  execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'file', '-f', key, inFile('message', 'hello')]);
});

test('an age identity opens what is encrypted for its recipient', async () => {
  for (const settings of ['kind: age', 'kind: age, pq: true']) {
    const { text, publicText } = await made(settings);
    expect(await parseIdentity(text).recipients()).toEqual([publicText]);
  }
});

test('a line of htpasswd opens with its password, and tells what bcrypt would not read', async () => {
  const { text } = await made('kind: htpasswd, user: admin, from: admin.password, cost: 8', 's3cret');
  const [user, hash = ''] = text.split(':');
  expect(user).toBe('admin');
  expect(hash).toMatch(/^\$2y\$08\$/);
  expect(compareSync('s3cret', hash.replace('$2y$', '$2b$'))).toBe(true);
  const long = await refusal('kind: htpasswd, user: a, from: p', 'x'.repeat(73));
  expect(long.message).toMatch(/72 bytes/);
  expect((await refusal('kind: htpasswd, user: "a:b", from: p', 'x')).message).toMatch(/without a colon/);
  expect((await refusal('kind: htpasswd, user: a', 'x')).message).toMatch(/needs from/);
});

describe('x509', () => {
  const KEYS = ['kind: ed25519', 'kind: ec', 'kind: ec, curve: P-384', 'kind: rsa, bits: 2048'];

  test.each(KEYS)('is signed by its own key, and verified by openssl: %s', async (kind) => {
    const key = (await made(kind)).text;
    const names = 'names: [shop.example.org, "*.shop.example.org", 10.0.0.7, "2001:db8::7"]';
    const { text } = await made(`kind: x509, from: tls.key, ${names}, days: 30`, key);
    const certificate = new X509Certificate(text);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.verify(createPublicKey(createPrivateKey(key)))).toBe(true);
    expect(certificate.checkHost('shop.example.org')).toBe('shop.example.org');
    expect(certificate.checkHost('a.shop.example.org')).toBe('*.shop.example.org');
    expect(certificate.checkIP('10.0.0.7')).toBe('10.0.0.7');
    expect(certificate.checkIP('2001:db8::7')).toBe('2001:db8::7');
    const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
    expect(Math.abs(days - 30)).toBeLessThan(0.01);
    const path = inFile('own.pem', text);
    expect(openssl('verify', '-x509_strict', '-CAfile', path, path)).toMatch(/OK/);
  });

  test('is signed by an authority, whose chain openssl verifies', async () => {
    const authorityKey = (await made('kind: ec')).text;
    const authority = (
      await made('kind: x509, from: ca.key, names: [ca.example.org], authority: true', authorityKey)
    ).text;
    const key = (await made('kind: ed25519')).text;
    const settings = 'kind: x509, from: tls.key, names: [db.internal], issuer: ca.cert, issuer_key: ca.key';
    const { text } = await made(settings, key, authority, authorityKey);
    const paths = [inFile('ca.pem', authority), inFile('leaf.pem', text)] as const;
    const line = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'db.internal'];
    expect(openssl(...line, '-CAfile', ...paths)).toMatch(/OK/);
    const stranger = (await made('kind: ec')).text;
    expect((await refusal(settings, key, authority, stranger)).message).toMatch(
      /no certificate of an authority/,
    );
    // A certificate for a host signs nothing.
    expect((await refusal(settings, key, text, key)).message).toMatch(/no certificate of an authority/);
  });

  test('refuses names that are none, and half of an authority', async () => {
    expect((await refusal('kind: x509, from: k, names: ["a b"]')).message).toMatch(/no name of a host/);
    expect((await refusal('kind: x509, from: k')).message).toMatch(/needs names/);
    expect((await refusal('kind: x509, from: k, names: [a], issuer: b')).message).toMatch(/go together/);
    expect((await refusal('kind: x509, from: k, names: [a]', 'no key')).message).toMatch(/no private key/);
  });

  test('writes any valid time and any address as openssl reads it', async () => {
    const key = (await made('kind: ec')).text;
    const { make } = await recipe(
      'kind: x509, from: k, names: ["::ffff:10.0.0.7", "::1", "1::"], days: 3650',
    );
    const machine = { ...WORKSHOP.machine, now: () => new Date('2045-06-01T00:00:00.000Z') };
    const certificate = new X509Certificate((await make([key], { ...WORKSHOP, machine })).text);
    expect(certificate.validTo).toBe('May 30 00:00:00 2055 GMT');
    expect(['::ffff:a00:7', '::1', '1::'].every((one) => certificate.checkIP(one) !== undefined)).toBe(true);
  });
});

test('a command is run by whoever may allow it', async () => {
  expect((await recipe('kind: command, command: [./make, a]')).program).toEqual(['./make', 'a']);
  expect((await made('kind: command, command: [./make, a]')).text).toBe('printed by ./make a');
});

test('what is misspelt is told with its place', async () => {
  const kind = await refusal('kind: randon');
  expect(kind.details).toMatchObject({ hint: 'did you mean "random"?', file: '/x/.sops.yaml', line: 2 });
  const setting = await refusal('kind: random, lenght: 8');
  expect(setting.details).toMatchObject({ hint: 'did you mean "length"?', line: 2 });
  expect((await refusal('length: 8')).message).toBe('generate needs a kind');
});
