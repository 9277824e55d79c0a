import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadFormat } from '../../src/formats/index.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { decrypt, rotate, updateKeys } from '../../src/index.ts';
import { parseIdentities } from '../../src/keys/age/identity-file.ts';
import { Keyring } from '../../src/keys/keyring.ts';
import { VECTORS } from '../support/cases.ts';
import {
  KEYRING,
  mergeTexts,
  openAll,
  RECIPIENT,
  sealNew,
  sealOnto,
  timeAt,
  tokensIn,
} from '../support/merging.ts';

const key = (name: string): string => readFileSync(join(VECTORS, `keys/age-${name}.txt`), 'utf8');
const recipientOf = (name: string): string => /age1[a-z0-9]+/.exec(key(name))?.[0] ?? '';
const [BOB, CAROL] = [recipientOf('bob'), recipientOf('carol')];
const YAML = { format: 'yaml', identities: key('alice') } as const;
const PLAIN = 'a: one\nb: two\nc: three\n';

/** Whether somebody's key opens a file. */
async function opens(name: string, text: string): Promise<boolean> {
  try {
    await decrypt(text, { format: 'yaml', identities: key(name) });
    return true;
  } catch {
    return false;
  }
}

async function without(text: string, recipient: string): Promise<string> {
  return (await rotate(text, { ...YAML, remove: [recipient] })).text;
}

/** The files of a team of alice, bob and carol. */
const team = (): Promise<string> => sealNew(PLAIN, yaml, [RECIPIENT, BOB, CAROL]);

describe('a merge never widens access', () => {
  test.each([true, false])(
    'bob removed and a value added: his key opens nothing new (removed by ours: %s)',
    async (isOurs) => {
      const base = await team();
      const removed = await without(base, BOB);
      const added = await sealOnto(base, `${PLAIN}d: four\n`, yaml, 1);
      const { ours, conflicts } = await (isOurs
        ? mergeTexts(base, removed, added, yaml)
        : mergeTexts(base, added, removed, yaml));
      expect(conflicts).toEqual([]);
      expect(await openAll(ours, yaml)).toBe(`${PLAIN}d: four\n`);
      expect([await opens('alice', ours), await opens('carol', ours), await opens('bob', ours)]).toEqual([
        true,
        true,
        false,
      ]);
      // What he could read in either version is under another key now.
      const known = new Set(tokensIn(added));
      expect(tokensIn(ours).some((token) => known.has(token))).toBe(false);
    },
  );

  test('each side removes another: neither opens the result', async () => {
    const base = await team();
    const { ours, conflicts } = await mergeTexts(
      base,
      await without(base, BOB),
      await without(base, CAROL),
      yaml,
    );
    expect(conflicts).toEqual([]);
    expect([await opens('alice', ours), await opens('bob', ours), await opens('carol', ours)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a reader who comes with a foreign data key stays out, and none of our values is under that key', async () => {
    const base = await sealNew(PLAIN, yaml);
    const ours = await sealOnto(base, PLAIN.replace('one', 'new secret'), yaml, 1);
    // Whoever forges a file knows its data key, and all of its initialisation vectors.
    const forged = await sealNew(PLAIN.replace('two', 'planted'), yaml, [RECIPIENT, BOB]);
    const merged = await mergeTexts(base, ours, forged, yaml);
    expect(merged.conflicts).toEqual([]);
    expect(await opens('bob', merged.ours)).toBe(false);
    expect(merged.warnings.map(({ message }) => message).join()).toMatch(/stays out/);
    const ivs = new Set(forged.match(/iv:[^,]+/g));
    expect((merged.ours.match(/iv:[^,]+/g) ?? []).some((iv) => ivs.has(iv))).toBe(false);
    expect(await openAll(merged.ours, yaml)).toBe('a: new secret\nb: planted\nc: three\n');
  });

  test('with one data key, an incoming reader is kept as he is; whom no rule names is said', async () => {
    const base = await sealNew(PLAIN, yaml);
    const theirs = (await updateKeys(base, { ...YAML, recipients: [RECIPIENT, BOB] })).text;
    const ours = await sealOnto(base, PLAIN.replace('one', '1st'), yaml, 1);
    const merged = await mergeTexts(base, ours, theirs, yaml);
    expect(await opens('bob', merged.ours)).toBe(true);
    const entry = /-----BEGIN AGE[\s\S]*?-----END/.exec(theirs.slice(theirs.indexOf(BOB) - 600))?.[0] ?? '';
    expect(merged.ours).toContain(entry);
    const strict = await mergeTexts(base, ours, theirs, yaml, KEYRING, () => false);
    expect(strict.warnings.map(({ message }) => message).join()).toMatch(/no rule of this side names/);
  });

  test('a weaker selector from theirs is a conflict, and shows nothing', async () => {
    const base = await sealNew(PLAIN, yaml);
    const weak = (await decrypt(base, YAML)).text;
    const { encrypt } = await import('../../src/index.ts');
    const forged = (
      await encrypt(weak.replace('two', 'planted'), {
        format: 'yaml',
        recipients: [RECIPIENT],
        selector: { kind: 'encrypted_regex', pattern: '^c$' },
      })
    ).text;
    const ours = await sealOnto(base, PLAIN.replace('one', 'our new secret'), yaml, 1);
    const merged = await mergeTexts(base, ours, forged, yaml);
    expect(merged.conflicts).toEqual([{ path: [], document: 0, kind: 'selector' }]);
    expect(merged.ours + merged.theirs).not.toContain('our new secret');
    expect(await openAll(merged.ours, yaml)).toContain('our new secret');
  });

  test('a value that moves where it is not encrypted is a conflict', async () => {
    const base = await sealNew(PLAIN, yaml);
    const theirs = await sealOnto(base, 'a: one\nb: two\nc_unencrypted: three\n', yaml, 1);
    const ours = await sealOnto(base, PLAIN.replace('one', '1st'), yaml, 2);
    const merged = await mergeTexts(base, ours, theirs, yaml);
    expect(merged.conflicts).toMatchObject([{ kind: 'selector' }]);
    expect(merged.ours).toBe(ours);
  });
});

describe('without a key', () => {
  const nobody = new Keyring({ identities: parseIdentities(key('bob'), 'bob') });

  test('a newcomer and a value are merged, and the result verifies', async () => {
    const base = await sealNew(PLAIN, yaml);
    const newcomer = (await updateKeys(base, { ...YAML, recipients: [RECIPIENT, CAROL] })).text;
    const value = await sealOnto(base, PLAIN.replace('two', '2nd'), yaml, 1);
    for (const [ours, theirs] of [
      [newcomer, value],
      [value, newcomer],
    ] as const) {
      const merged = await mergeTexts(base, ours, theirs, yaml, nobody);
      expect([merged.conflicts, merged.closed]).toEqual([[], undefined]);
      expect(await openAll(merged.ours, yaml)).toContain('2nd');
      expect(await opens('carol', merged.ours)).toBe(true);
    }
  });

  test('two values are not: both versions are there, whole', async () => {
    const base = await sealNew(PLAIN, yaml);
    const ours = await sealOnto(base, PLAIN.replace('one', '1st'), yaml, 1);
    const theirs = await sealOnto(base, PLAIN.replace('two', '2nd'), yaml, 2);
    const merged = await mergeTexts(base, ours, theirs, yaml, nobody);
    expect(merged).toMatchObject({
      ours,
      theirs,
      conflicts: [{ kind: 'document' }],
      closed: { code: 'no-key-fits' },
    });
  });

  test('a value and a new data key are not', async () => {
    const base = await sealNew(PLAIN, yaml);
    const value = await sealOnto(base, PLAIN.replace('two', '2nd'), yaml, 1);
    const merged = await mergeTexts(base, value, await without(base, BOB), yaml, nobody);
    expect(merged.conflicts).toMatchObject([{ kind: 'document' }]);
  });
});

describe('other shapes', () => {
  test('a value and a comment keep the MAC of the value', async () => {
    const base = await sealNew('# c\na: one\nb: two\n', yaml);
    const ours = await sealOnto(base, '# c\na: 1st\nb: two\n', yaml, 1);
    const theirs = await sealOnto(base, '# other\na: one\nb: two\n', yaml, 2);
    const merged = await mergeTexts(base, ours, theirs, yaml);
    const line = (name: string, text: string): string | undefined =>
      new RegExp(`^ *${name}: .*$`, 'm').exec(text)?.[0];
    for (const name of ['mac', 'lastmodified']) expect(line(name, merged.ours)).toBe(line(name, ours));
    expect(await openAll(merged.ours, yaml)).toBe('# other\na: 1st\nb: two\n');
  });

  test('a binary file is one value', async () => {
    const binary = await loadFormat('binary');
    if (binary === undefined) throw new Error('no binary files');
    const { contentOf } = await import('../../src/operations/content.ts');
    const { encryptAs } = await import('../../src/operations/encrypt.ts');
    const recipients = [await KEYRING.recipient({ kind: 'age', id: RECIPIENT })];
    const sealBytes = async (text: string): Promise<string> =>
      (
        await encryptAs(contentOf(Buffer.from(text), binary, binary), binary, {
          groups: [recipients],
          now: timeAt(0),
        })
      ).text;
    const base = await sealBytes('\u0000one');
    const two = await sealOnto(base, '\u0000two', binary, 1);
    const three = await sealOnto(base, '\u0000three', binary, 2);
    const merged = await mergeTexts(base, two, three, binary);
    expect(merged.conflicts).toMatchObject([{ kind: 'both-changed' }]);
    expect([await openAll(merged.ours, binary), await openAll(merged.theirs, binary)]).toEqual([
      '\u0000two',
      '\u0000three',
    ]);
  });

  test('one version in clear: the result is encrypted, and it is said', async () => {
    const base = await sealNew(PLAIN, yaml);
    const ours = await sealOnto(base, PLAIN.replace('one', '1st'), yaml, 1);
    const merged = await mergeTexts(base, ours, PLAIN.replace('two', '2nd'), yaml);
    expect(merged.conflicts).toEqual([]);
    expect(merged.ours).not.toContain('2nd');
    expect(await openAll(merged.ours, yaml)).toBe('a: 1st\nb: 2nd\nc: three\n');
    expect(merged.warnings.map(({ message }) => message).join()).toContain('its values are in history');
  });

  test('no base: what both have is one, and what one has is there', async () => {
    const ours = await sealNew('a: 1\nb: 2\n', yaml);
    const theirs = await sealNew('a: 1\nc: 3\n', yaml);
    const merged = await mergeTexts(undefined, ours, theirs, yaml);
    expect(merged.conflicts).toEqual([]);
    expect(await openAll(merged.ours, yaml)).toBe('a: 1\nb: 2\nc: 3\n');
  });
});
