import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCipher, type Plaintext } from '../../src/core/sops/cipher.ts';
import { compilePolicy, DEFAULT_SELECTOR } from '../../src/core/sops/policy.ts';
import { parseToken } from '../../src/core/sops/token.ts';
import { encryptDocument } from '../../src/core/splice/encryption.ts';
import { KeptIvs } from '../../src/core/splice/kept-ivs.ts';
import { decrypt, encrypt, encryptOnto, rotate, set } from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';
import fc from '../support/laws.ts';
import { asSops, CIPHER, metadataWith, open, requireFormat } from '../support/sealing.ts';
import { startSession } from '../support/session.ts';

const yaml = requireFormat('yaml');
const NEW = createCipher(new Uint8Array(32).fill(8), 3);
const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const YAML = { format: 'yaml', identities: KEY } as const;
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';

/** A token under the old key, with 32 bytes of a number as its IV. */
function token(plain: Plaintext, aad: string, iv: number, length = 32): string {
  return CIPHER.encrypt(plain, aad, new Uint8Array(length).fill(iv));
}

const str = (text: string): Plaintext => ({ type: 'str', text });
const float = (text: string): Plaintext => ({ type: 'float', text });

/** The number of each IV after a rotation to another key, by the order of the file; `new` for one that was drawn. */
async function rotated(lines: readonly string[]): Promise<(number | 'new')[]> {
  const before = await open(asSops(`${lines.join('\n')}\nsops:\n`), yaml, true);
  const { text } = encryptDocument(before.text, {
    format: yaml,
    cipher: NEW,
    policy: await compilePolicy(DEFAULT_SELECTOR),
    metadata: metadataWith(DEFAULT_SELECTOR),
    lastModified: '2026-01-02T03:04:05Z',
    ivs: new KeptIvs(before.leaves.opened, CIPHER),
  });
  return ivsOf(text.split('\nsops:')[0] ?? '').map((iv) => {
    const [first, ...others] = iv;
    return first !== undefined && others.every((byte) => byte === first) ? first : 'new';
  });
}

function ivsOf(text: string): Uint8Array[] {
  return (text.match(/ENC\[[^\]]*\]/g) ?? []).map((one) => parseToken(one).iv);
}

test.each<[string, readonly string[], readonly (number | 'new')[]]>([
  [
    'values, comments and numbers keep theirs',
    [
      `a: ${token(str('x'), 'a:', 1)}`,
      `#${token({ comment: ' c' }, ':', 2)}`,
      `b: ${token({ type: 'int', text: '3' }, 'b:', 3)}`,
    ],
    [1, 2, 3],
  ],
  [
    'one that stands for two places is not kept, and not for a third either',
    ['a', 'b', 'c'].map((key) => `${key}: ${token(str('x'), `${key}:`, 1)}`),
    ['new', 'new', 'new'],
  ],
  [
    'one that stands for two texts is not kept',
    ['l:', `  - ${token(str('x'), 'l:', 1)}`, `  - ${token(str('y'), 'l:', 1)}`],
    ['new', 'new'],
  ],
  [
    'one that stands for two types of a text is not kept',
    ['l:', `  - ${token(str('1'), 'l:', 1)}`, `  - ${token({ type: 'int', text: '1' }, 'l:', 1)}`],
    ['new', 'new'],
  ],
  [
    'equal items with one token keep it; with two, none, or they would be seen to be equal',
    [
      'l:',
      `  - ${token(str('x'), 'l:', 1)}`,
      `  - ${token(str('x'), 'l:', 1)}`,
      `  - ${token(str('y'), 'l:', 2)}`,
      `  - ${token(str('y'), 'l:', 3)}`,
    ],
    [1, 1, 'new', 'new'],
  ],
  [
    'a text that had two is not lent that of another',
    [
      'l:',
      `  - ${token(str('y'), 'l:', 2)}`,
      `  - ${token(str('y'), 'l:', 3)}`,
      `  - ${token(str('z'), 'l:', 3)}`,
      `  - ${token(str('z'), 'l:', 2)}`,
    ],
    ['new', 'new', 'new', 'new'],
  ],
  [
    'one that is read as another type from then on has a new one, and so does NaN',
    [
      'l:',
      `  - ${token(float('-0'), 'l:', 1)}`,
      `  - ${token(float('0.5'), 'l:', 2)}`,
      `  - ${token(float('NaN'), 'l:', 3)}`,
    ],
    ['new', 2, 'new'],
  ],
  [
    '-0 and 0 are two texts',
    ['l:', `  - ${token(float('-0'), 'l:', 1)}`, `  - ${token(float('0'), 'l:', 1)}`],
    ['new', 'new'],
  ],
  [
    'what is written otherwise than we write it gets a new one',
    [
      `a: ${token({ type: 'bool', text: 'TRUE' }, 'a:', 1)}`,
      `b: ${token({ type: 'bool', text: 'True' }, 'b:', 2)}`,
    ],
    ['new', 2],
  ],
  ['an IV of 12 bytes is not kept', [`a: ${token(str('x'), 'a:', 1, 12)}`], ['new']],
])('%s', async (_, lines, expected) => {
  expect(await rotated(lines)).toEqual(expected);
});

test('the same IV in another spelling of base64 is the same', async () => {
  const spelled = token(str('y'), 'b:', 1).replace(/(iv:[^=]*)E=/, '$1F=');
  expect([...parseToken(spelled).iv]).toEqual(new Array(32).fill(1));
  expect(spelled).not.toBe(token(str('y'), 'b:', 1));
  expect(await rotated([`a: ${token(str('x'), 'a:', 1)}`, `b: ${spelled}`])).toEqual(['new', 'new']);
});

const PLAIN = 'db:\n  password: hunter2\n  port: 5432\n# a note\nlist: [a, b, 1.5]\n';

test('after a rotation, equal IVs say what did not change; MAC and layout have new ones; nothing else has', async () => {
  const before = (await encrypt(PLAIN, { format: 'yaml', recipients: [RECIPIENT] })).text;
  const changed = (await set(before, 'db.password', 'other', YAML)).text;
  const after = (await rotate(changed, YAML)).text;
  expect((await decrypt(after, YAML)).text).toBe(PLAIN.replace('hunter2', 'other'));
  const hex = (text: string): string[] => ivsOf(text).map((iv) => Buffer.from(iv).toString('hex'));
  const values = (text: string): string[] => hex(text.split('\nsops:')[0] ?? '');
  expect(values(after)).toEqual(values(changed));
  expect(values(after)[0]).not.toBe(values(before)[0]);
  expect(values(after).slice(1)).toEqual(values(before).slice(1));
  const metadata = (text: string): string[] => hex(text.slice(text.indexOf('\nsops:')));
  expect(metadata(after).filter((iv) => metadata(changed).includes(iv))).toEqual([]);
  expect(new Set(hex(after)).size).toBe(hex(after).length);
  // A file that was set back, and rotated again: the IV is that of the token it has now.
  const back = (await set(after, 'db.password', 'hunter2', YAML)).text;
  expect(values((await rotate(back, YAML)).text)[0]).toBe(values(back)[0]);
  expect(values(back)[0]).not.toBe(values(before)[0]);
});

test('whatever IVs were planted, one stands for one text in one place under the new key', async () => {
  const leaf = fc.record({ key: fc.constantFrom('a', 'b', 'l'), text: fc.nat(2), iv: fc.nat(3) });
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(leaf, { minLength: 1, maxLength: 8 }), async (leaves) => {
      const values = leaves.toSorted((one, other) =>
        one.key < other.key ? -1 : Number(one.key > other.key),
      );
      const lines = values.flatMap(({ key, text, iv }, index) => [
        ...(values[index - 1]?.key === key ? [] : [`${key}:`]),
        `  - ${token(str(`text ${text}`), `${key}:`, iv + 1)}`,
      ]);
      const after = await rotated(lines);
      for (const [index, { key, text, iv }] of values.entries()) {
        const said = after[index];
        // Each keeps its own or has a new one; what is kept had stood for nothing else, and that for no other.
        if (said === 'new') continue;
        kept += 1;
        expect(said).toBe(iv + 1);
        const isSame = (one: (typeof values)[number]): boolean => one.key === key && one.text === text;
        expect(values.filter((one) => one.iv === iv).every(isSame)).toBe(true);
        expect(values.filter(isSame).every((one) => one.iv === iv)).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
  expect(kept).toBeGreaterThan(20);
});

test('what is changed gets an IV that no token had, also where one was planted; a conversion takes none', async () => {
  const sealed = (await encrypt('a: one\nb: two\nc: three\n', { format: 'yaml', recipients: [RECIPIENT] }))
    .text;
  const hex = (text: string): string[] => ivsOf(text).map((iv) => Buffer.from(iv).toString('hex'));
  const before = new Set(hex(sealed));
  const onto = (await encryptOnto(sealed, 'a: one\nb: one\nc: two\n', YAML)).text;
  const [a, b, c] = hex(onto);
  expect(a).toBe(hex(sealed)[0]);
  // Both texts stood elsewhere in the file, under IVs that everybody can see.
  expect([b, c].filter((iv) => before.has(iv ?? ''))).toEqual([]);
  const session = startSession();
  session.write('a.yaml', sealed);
  const world = { environment: { SOPS_AGE_KEY: KEY } };
  const rotate = ['rotate', '--output-type', 'json', 'a.yaml'];
  const { stdout, stderr } = await session.sotto(rotate, world);
  session.end();
  expect(hex(stdout), stderr).toHaveLength(before.size);
  expect(hex(stdout).filter((iv) => before.has(iv))).toEqual([]);
});
