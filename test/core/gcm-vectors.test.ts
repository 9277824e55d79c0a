import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Batch } from '../../src/core/sops/gcm/batch.ts';
import type { Chunk } from '../../src/core/sops/gcm/chunk.ts';
import { hashedBlocks } from '../../src/core/sops/gcm/chunk.ts';
import { MAX_POWER } from '../../src/core/sops/gcm/hash-powers.ts';
import {
  batchOf,
  blocksOf,
  bytesOf,
  chunkOf,
  contents,
  hashKey,
  hex,
  inHex,
  openAll,
  type Sealed,
} from '../support/gcm.ts';
import { blockOf, firstCounter } from '../support/ghash.ts';

const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../vectors-own/gcm/${name}.json`, import.meta.url), 'utf8'));

/** One message with its J0 handed in, as its IV can have any length and its key, too. */
function alone(key: Uint8Array, message: Sealed): { readonly batch: Batch; readonly chunk: Chunk } {
  const batch = new Batch(blocksOf(key), MAX_POWER);
  const chunk = chunkOf([message]);
  new Uint8Array(chunk.counters.buffer).set(blockOf(firstCounter(hashKey(key), message.iv)));
  return { batch, chunk };
}

interface Vector {
  readonly name: string;
  readonly key: Uint8Array;
  readonly sealed: Sealed;
  /** None for a forgery. */
  readonly plain: Uint8Array | undefined;
}

/** What the core makes of a vector. */
function outcome({ key, sealed, plain }: Vector): Record<string, unknown> {
  const { batch, chunk } = alone(key, sealed);
  const forged = batch.openFrom(chunk);
  if (forged !== undefined) return { forged, left: chunk.bytes.some((byte) => byte !== 0) };
  const [opened] = contents(chunk);
  const anew = alone(key, { ...sealed, text: plain ?? new Uint8Array(0) });
  anew.batch.sealFrom(anew.chunk);
  return {
    opened: hex(opened?.text),
    sealed: contents(anew.chunk).map(inHex),
  };
}

function expected({ sealed, plain }: Vector): Record<string, unknown> {
  if (plain === undefined) return { forged: 0, left: false };
  return { opened: hex(plain), sealed: [inHex(sealed)] };
}

function wycheproof(): Vector[] {
  const rows = vectors('wycheproof');
  if (!Array.isArray(rows)) throw new Error('no vectors');
  return rows.map((row: Record<string, string>) => ({
    name: `${row['tcId']} ${row['comment']}`,
    key: bytesOf(row['key'] ?? ''),
    sealed: {
      iv: bytesOf(row['iv'] ?? ''),
      aad: bytesOf(row['aad'] ?? ''),
      text: bytesOf(row['ct'] ?? ''),
      tag: bytesOf(row['tag'] ?? ''),
    },
    plain: row['result'] === 'valid' ? bytesOf(row['msg'] ?? '') : undefined,
  }));
}

function cavp(): Vector[] {
  const rows = vectors('cavp');
  if (!Array.isArray(rows)) throw new Error('no vectors');
  return rows.map(([key, iv, aad, plain, text, tag]: (string | null)[], number) => ({
    name: String(number),
    key: bytesOf(key ?? ''),
    sealed: {
      iv: bytesOf(iv ?? ''),
      aad: bytesOf(aad ?? ''),
      text: bytesOf(text ?? ''),
      tag: bytesOf(tag ?? ''),
    },
    plain: plain === null || plain === undefined ? undefined : bytesOf(plain),
  }));
}

const fits = ({ sealed }: Vector): boolean =>
  hashedBlocks(sealed.text.length, sealed.aad.length) <= MAX_POWER;

test('vectors of Wycheproof open and seal as they say, forgeries not at all', () => {
  // An IV of no bytes is wrong by itself, and is none of J0's.
  const all = wycheproof().filter(({ sealed }) => sealed.iv.length > 0);
  expect(all).toHaveLength(310);
  const short = all.filter(fits);
  expect(short).toHaveLength(274);
  for (const vector of short) expect(outcome(vector), vector.name).toEqual(expected(vector));
  for (const vector of all.filter((one) => !fits(one))) {
    const { batch, chunk } = alone(vector.key, vector.sealed);
    expect(() => batch.openFrom(chunk), vector.name).toThrow('above the top power');
    expect(() => batch.sealFrom(chunk), vector.name).toThrow('above the top power');
  }
});

test("the IV of 32 bytes among Wycheproof's gives the J0 that it should", () => {
  const [vector, ...more] = wycheproof().filter(({ key, sealed }) => key.length + sealed.iv.length === 64);
  expect(more).toEqual([]);
  expect(vector).toBeDefined();
  if (vector === undefined) return;
  const { key, sealed, plain } = vector;
  expect(openAll(batchOf(key), [sealed])).toEqual([hex(plain)]);
});

test('vectors of NIST open and seal as they say, forgeries not at all', () => {
  const all = cavp();
  expect(all).toHaveLength(600);
  expect(all.filter(({ plain }) => plain === undefined).length).toBeGreaterThan(100);
  for (const vector of all) expect(outcome(vector), vector.name).toEqual(expected(vector));
});
