import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decrypt } from '../../src/index.ts';
import type { Outcome, Session } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';

// Files of some size that are encrypted as a whole are worked on in pieces; the library takes a text, which is opened in
// one. So both ways are held against each other.

const ALICE = RECIPIENTS['ALICE'] ?? '';
const LENGTH = 8 * 1024 * 1024;

let session: Session;
let sealed: string;
beforeAll(async () => {
  session = await startWithFiles();
  session.write('long.bin', randomBytes(LENGTH + 1));
  await run(['encrypt', '--age', ALICE, '--output', 'sealed.bin', 'long.bin']);
  sealed = session.read('sealed.bin');
});
afterAll(() => session.end());

function run(args: readonly string[]): Promise<Outcome> {
  return session.sotto(args, { environment: { SOPS_AGE_KEY_FILE: session.path('alice.key') } });
}

async function inOne(text: string, ignoreMac = false): Promise<Uint8Array> {
  const identities = session.read('alice.key');
  return (await decrypt(text, { format: 'binary', identities, ignoreMac })).bytes;
}

/** What it says is wrong. */
async function complaint(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message : 'something';
  }
}

test.each([0, 1, 2])('a long file comes back, by either way (%i bytes more)', async (more) => {
  const plain = randomBytes(LENGTH + more);
  session.write('a.bin', plain);
  expect((await run(['encrypt', '-i', '--age', ALICE, 'a.bin'])).exit).toBe(0);
  const text = session.read('a.bin');
  expect(text).toMatch(/^\{\n\t"data": "ENC\[AES256_GCM,data:[A-Za-z0-9+/]+={0,2},iv:/);
  expect(Buffer.compare(await inOne(text), plain)).toBe(0);
  expect((await run(['decrypt', '-i', 'a.bin'])).exit).toBe(0);
  expect(Buffer.compare(readFileSync(session.path('a.bin')), plain)).toBe(0);
});

test('a long text that is encrypted as a whole comes back as well', async () => {
  const plain = 'täglich 😀\n'.repeat(LENGTH / 8);
  session.write('log', plain);
  expect((await run(['encrypt', '-i', '--age', ALICE, 'log'])).exit).toBe(0);
  expect((await run(['decrypt', 'log'])).stdout === plain).toBe(true);
});

test('a long file that starts as a token is refused, as a short one is', async () => {
  session.write('b.bin', `ENC[AES256_GCM,data:${'A'.repeat(LENGTH)}`);
  const { exit, stderr } = await run(['encrypt', '-i', '--age', ALICE, 'b.bin']);
  expect([exit, stderr]).toEqual([203, expect.stringContaining('is encrypted already')]);
});

describe('a long file that was changed does not open, and is refused as if it were read in one', () => {
  const middle = LENGTH / 2;
  const change = (at: number, to: string): string => sealed.slice(0, at) + to + sealed.slice(at + 1);
  const other = (at: number): string => change(at, sealed[at] === 'A' ? 'B' : 'A');
  test.each<[string, () => string]>([
    ['a character of its data', () => other(middle)],
    ['the first of its data', () => other(sealed.indexOf('data:') + 5)],
    ['what is no base64', () => change(middle, '*')],
    ['a character of its IV', () => other(sealed.indexOf(',iv:') + 4)],
    ['a character of its tag', () => other(sealed.indexOf(',tag:') + 5)],
    ['padding in the middle', () => change(middle, '=')],
    ['its MAC', () => sealed.replace(/("mac": "ENC\[AES256_GCM,data:)(..)/, '$1AA')],
    ['the end of its data', () => sealed.replace(/.{4},iv:/, ',iv:')],
  ])('%s', async (_, changed) => {
    session.write('changed.bin', changed());
    const { exit, stdout, stderr } = await run(['decrypt', 'changed.bin']);
    expect(stdout).toBe('');
    expect(exit).not.toBe(0);
    const [first] = stderr.split('\n');
    // The library has paths as sops does, people without brackets.
    const said = (await complaint(inOne(changed()))).replace('["data"]', 'data');
    expect(`error: ${said}`).toBe(first);
  });
});

test('what a selector leaves in clear is taken as it stands', async () => {
  const clear = sealed.replace('"version"', '"encrypted_regex": "^nothing$",\n\t\t"version"');
  session.write('clear.bin', clear);
  const { stdout } = await run(['decrypt', '--ignore-mac', 'clear.bin']);
  expect(stdout === Buffer.from(await inOne(clear, true)).toString()).toBe(true);
  expect(stdout.length).toBeGreaterThan(LENGTH);
});
