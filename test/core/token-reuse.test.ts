import { expect, test } from 'vitest';
import { encrypt, encryptOnto, newIdentityFile } from '../../src/index.ts';
import { asSops, open, requireFormat, seal } from '../support/sealing.ts';

const KEY = await newIdentityFile(new Date());

test('an encrypted comment keeps its token when one in clear says the same', async () => {
  const plain = 'open: 1\n# note\n# secret\n# note\na: 2\n';
  const options = { format: 'yaml', identities: KEY.text } as const;
  const sealed = await encrypt(plain, {
    ...options,
    recipients: [KEY.recipient],
    selector: { kind: 'encrypted_comment_regex', pattern: 'secret' },
  });
  const tokens = sealed.text.match(/#ENC\[.*\]/g) ?? [];
  expect(tokens).toHaveLength(1);
  const changed = await encryptOnto(sealed.text, plain.replace('open: 1', 'open: 3'), options);
  expect(changed.text).toContain(tokens[0]);
});

const yaml = requireFormat('yaml');

test('a float that sops prints like an int keeps its token and its type', async () => {
  const before = await open(asSops('a: float(-0@a:)\nb: float(1@b:)\nc: str(x@c:)\nsops:\n'), yaml, true);
  expect(before.text).toBe('a: -0\nb: 1\nc: x\n');
  const after = await open(await seal('a: -0\nb: 1\nc: z\n', yaml, undefined, before), yaml);
  expect([...after.leaves].map(({ token }) => token).slice(0, 2)).toEqual(
    [...before.leaves].map(({ token }) => token).slice(0, 2),
  );
  expect(after.text).toBe('a: -0\nb: 1\nc: z\n');
  expect(after.layout).toBe('');
});

/** The token of each value, by what it says; what is said twice has two. */
async function tokensIn(sealed: string, format = yaml): Promise<Map<string, string[]>> {
  const tokens = new Map<string, string[]>();
  for (const { plain, token } of (await open(sealed, format)).leaves) {
    if ('comment' in plain) continue;
    tokens.set(plain.text, [...(tokens.get(plain.text) ?? []), token]);
  }
  return tokens;
}

const PLAIN = 'a: one\nb:\n  c: two\n  d: [three, four, same]\ne:\n  - five\n  - six\nf: same\ng: last\n';

test.each([
  ['one that comes first', `z: new\n${PLAIN}`],
  ['one that comes first and says the same', `z: one\n${PLAIN}`],
  ['one that comes last', `${PLAIN}z: new\n`],
  ['one that comes in between', PLAIN.replace('e:', 'z: new\ne:')],
  ['one in front of the items of a list', PLAIN.replace('- five', '- new\n  - five')],
  ['one that goes', PLAIN.replace('  c: two\n', '')],
  ['the first item that goes', PLAIN.replace('  - five\n', '')],
  ['one that is changed', PLAIN.replace('one', 'new')],
  ['two that change places in a list', PLAIN.replace('[three, four, same]', '[four, three, same]')],
  ['another order of keys', PLAIN.replace('a: one\n', '').replace('g:', 'a: one\ng:')],
  ['all at once', `z: new\n${PLAIN.replace('  c: two\n', '').replace('last', 'new last')}`],
])('with %s, all others keep their tokens', async (_, plain) => {
  const sealed = await seal(PLAIN, yaml);
  const before = await tokensIn(sealed);
  const after = await tokensIn(await seal(plain, yaml, undefined, await open(sealed, yaml)));
  for (const [text, tokens] of after) {
    if (text.startsWith('new')) expect(before.get(text)).toBeUndefined();
    else expect(tokens, text).toEqual(expect.arrayContaining(before.get(text) ?? []));
  }
  const all = [...after.values()].flat();
  expect(new Set(all).size).toBe(all.length);
});

test('of keys that repeat, each keeps its own token, and a value that moved up to another key none', async () => {
  const json = requireFormat('json');
  const sealed = await seal('{"a": "one", "a": "two", "b": "three"}', json);
  const before = await tokensIn(sealed, json);
  const changed = '{"a": "two", "a": "two", "b": "one"}';
  const after = await tokensIn(await seal(changed, json, undefined, await open(sealed, json)), json);
  expect(after.get('two')).toContain(before.get('two')?.[0]);
  expect(new Set(after.get('two')).size).toBe(2);
  expect(after.get('one')).not.toEqual(before.get('one'));
});
