import { describe, expect, test } from 'vitest';
import { createCipher } from '../../src/core/sops/cipher.ts';
import { readMetadata } from '../../src/core/sops/metadata.ts';
import { compilePolicy } from '../../src/core/sops/policy.ts';
import { type Decryption, decryptDocument } from '../../src/core/splice/decryption.ts';
import { encryptDocument } from '../../src/core/splice/encryption.ts';
import type { Format } from '../../src/core/splice/format.ts';
import { pathOf } from '../../src/core/splice/leaf.ts';
import { dotenv } from '../../src/formats/dotenv/index.ts';
import { ini } from '../../src/formats/ini/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { KINDS_IN_GROUPS } from '../../src/keys/index.ts';
import { type Case, type CaseLeaf, casesOf, fileOf, findFile } from '../support/cases.ts';
import { DIFFERENT } from '../support/differences.ts';

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['yaml', yaml],
  ['json', json],
  ['dotenv', dotenv],
  ['ini', ini],
]);

const cases = casesOf('files').filter(
  ({ format, dataKey, name }) =>
    FORMATS.has(format) && dataKey !== undefined && DIFFERENT.get(name)?.exit === undefined,
);

async function decrypt(one: Case, text: string, format: Format): Promise<Decryption> {
  const document = format.read(text.replace(/^\ufeff/, ''));
  const [root] = document.roots;
  const metadata = root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS);
  if (metadata === undefined) throw new Error('no metadata');
  const policy = await compilePolicy(metadata.selector);
  return decryptDocument(document, { format, cipher: cipherOf(one), policy, metadata });
}

function cipherOf(one: Case) {
  return createCipher(Buffer.from(one.dataKey ?? '', 'hex'));
}

/** Leaves as the vectors list them: comments by type, empty containers left out. */
function leavesOf(decryption: Decryption): CaseLeaf[] {
  return [...decryption.leaves].map(({ leaf, plain, token }) => {
    const common = { path: [...pathOf(leaf.at)], doc: leaf.document, encrypted: token !== '' };
    if ('comment' in plain) return { ...common, type: 'comment', text: plain.comment };
    if (plain.bytes !== undefined)
      return { ...common, type: plain.type, hex: Buffer.from(plain.bytes).toString('hex') };
    return { ...common, type: plain.type, text: plain.text };
  });
}

function expectedLeaves(leaves: readonly CaseLeaf[]): CaseLeaf[] {
  return leaves
    .filter(({ type }) => type !== 'map' && type !== 'list')
    .map(({ path, doc, type, text, hex, encrypted }) => ({
      path: [...path],
      doc: doc ?? 0,
      type,
      ...(hex === undefined ? { text: text ?? '' } : { hex }),
      encrypted: encrypted === true,
    }));
}

function suffixOf(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf('.'));
}

const withoutPlaces = (leaves: readonly CaseLeaf[]) =>
  leaves.map(({ type, text, hex }) => ({ type, text, hex }));

describe.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
  const format = FORMATS.get(one.format);
  if (format === undefined) throw new Error(`no format ${one.format}`);
  const encrypted = findFile(one, 'encrypted');
  const decrypted = findFile(one, 'decrypted');
  const clear = findFile(one, 'clear');

  if (encrypted !== undefined)
    test('opens what sops wrote, with the values that sops has', async () => {
      const decryption = await decrypt(one, fileOf(one, encrypted ?? ''), format);
      expect(leavesOf(decryption)).toEqual(expectedLeaves(one.leaves ?? []));
    });

  if (encrypted !== undefined && decrypted !== undefined && DIFFERENT.get(name)?.text !== true)
    test('gives the text that sops prints', async () => {
      const decryption = await decrypt(one, fileOf(one, encrypted ?? ''), format);
      expect(decryption.text).toBe(fileOf(one, decrypted ?? ''));
    });

  if (clear !== undefined && suffixOf(clear) === suffixOf(encrypted))
    test('gives its source back byte for byte', async () => {
      const source = fileOf(one, clear ?? '');
      const before = await decrypt(one, fileOf(one, encrypted ?? ''), format);
      const policy = await compilePolicy(before.metadata.selector);
      const { text } = encryptDocument(source, {
        format,
        cipher: cipherOf(one),
        policy,
        metadata: before.metadata,
        lastModified: '2026-01-02T03:04:05Z',
      });
      const again = await decrypt(one, text, format);
      expect(again.text).toBe(source);
      if (name === 'json-ints-3.12') return; // sops 3.12 reads the whole numbers of JSON as floats
      expect(withoutPlaces(leavesOf(again).filter(({ type }) => type !== 'comment'))).toEqual(
        withoutPlaces(expectedLeaves(one.leaves ?? []).filter(({ type }) => type !== 'comment')),
      );
    });
});
