import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import * as vectors from 'cctv-age';
import { expect, test } from 'vitest';
import { armor, dearmor } from '../../../src/keys/age/armor.ts';
import { openAgeFile, openWithFileKey, parseAgeFile } from '../../../src/keys/age/file.ts';
import type { FileKeyUnwrapper } from '../../../src/keys/age/file-key.ts';
import { parseIdentity } from '../../../src/keys/age/identity.ts';
import { scryptUnwrapper } from '../../../src/keys/age/scrypt.ts';
import { AgeError, printStanza } from '../../../src/keys/age/stanza.ts';

/** A vector of age's own test kit (C2SP CCTV, age/README.md). */
interface Vector {
  readonly expected: string;
  readonly payloadHash?: string;
  readonly fileKey?: string;
  readonly identities: readonly FileKeyUnwrapper[];
  readonly isArmored: boolean;
  readonly file: Uint8Array;
}

function parseVector(bytes: Uint8Array): Vector {
  const text = Buffer.from(bytes).toString('latin1');
  const end = text.indexOf('\n\n');
  const fields = text
    .slice(0, end)
    .split('\n')
    .map((line) => line.split(': '));
  const valuesOf = (name: string) => fields.filter(([key]) => key === name).map(([, value = '']) => value);
  const rest = bytes.subarray(end + 2);
  const [expected = ''] = valuesOf('expect');
  const [payloadHash] = valuesOf('payload');
  const [fileKey] = valuesOf('file key');
  return {
    expected,
    ...(payloadHash === undefined ? {} : { payloadHash }),
    ...(fileKey === undefined ? {} : { fileKey }),
    identities: [
      ...valuesOf('identity').map((line) => parseIdentity(line)),
      ...valuesOf('passphrase').map((passphrase) => scryptUnwrapper(async () => passphrase)),
    ],
    isArmored: valuesOf('armored').length > 0,
    file: valuesOf('compressed').length > 0 ? inflateSync(rest) : rest,
  };
}

/** Decrypt as the commands do; the class of the failure is the part of the file that is wrong. */
async function decrypt(vector: Vector): Promise<Uint8Array> {
  const bytes = vector.isArmored ? dearmor(Buffer.from(vector.file).toString('latin1')) : vector.file;
  const file = parseAgeFile(bytes);
  for (const identity of vector.identities) {
    const opened = await openAgeFile(file, identity);
    if (opened !== null) return opened;
  }
  throw new Error('no match');
}

const PARTS: ReadonlyMap<string, string> = new Map([
  ['HMAC failure', 'mac'],
  ['header failure', 'header'],
  ['armor failure', 'armor'],
  ['payload failure', 'payload'],
]);

const all = Object.entries(vectors).map(([name, bytes]) => [name, parseVector(bytes)] as const);

test.each(all)('age test kit: %s', async (_, vector) => {
  if (vector.expected === 'success') {
    const plain = await decrypt(vector);
    expect(createHash('sha256').update(plain).digest('hex')).toBe(vector.payloadHash);
    return;
  }
  const error = await decrypt(vector).then(
    () => 'success',
    (reason: unknown) => reason,
  );
  if (vector.expected === 'no match') expect(error).toEqual(new Error('no match'));
  else if (error instanceof AgeError) expect(error.part).toBe(PARTS.get(vector.expected));
  else expect.fail(`expected ${vector.expected}, got ${String(error)}`);
});

test('the test kit is there as a whole, and what is well-formed in it prints back to the same bytes', async () => {
  const counts = new Map<string, number>();
  let printed = 0;
  for (const [name, vector] of all) {
    counts.set(vector.expected, (counts.get(vector.expected) ?? 0) + 1);
    if (vector.isArmored) {
      if (vector.expected === 'armor failure') continue;
      const text = Buffer.from(vector.file).toString('latin1');
      expect(armor(dearmor(text)), name).toBe(`${text.replaceAll('\r\n', '\n').trim()}\n`);
      printed += 1;
    } else if (vector.expected === 'success') {
      const file = parseAgeFile(vector.file);
      const header = `age-encryption.org/v1\n${file.stanzas.map(printStanza).join('')}---`;
      expect(header, name).toBe(file.header);
      expect(await openWithFileKey(file, Buffer.from(vector.fileKey ?? '', 'hex'))).toBeInstanceOf(
        Uint8Array,
      );
      printed += 1;
    }
  }
  console.info(
    `age test kit (cctv-age 0.2.0): ${all.length} vectors, ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}; ${printed} printed back`,
  );
  expect(all.length).toBe(143);
});
