import { expect, test } from 'vitest';
import type { FormatName } from '../../src/formats/index.ts';
import { decrypt, encrypt, generateIdentity, identityToRecipient, set } from '../../src/index.ts';
import fc from '../support/laws.ts';

const IDENTITY = await generateIdentity();
const RECIPIENT = await identityToRecipient(IDENTITY);

async function valuesOf(plain: string | Uint8Array, format: FormatName, intAsBigInt?: boolean) {
  const { text } = await encrypt(plain, { format, recipients: [RECIPIENT], allowNothing: true });
  return decrypt(text, { format, identities: IDENTITY, values: true, intAsBigInt });
}

test.each([
  ['yaml', 'a: [1, -2.5, yes, true, null, ~, "x", .inf, 2026-01-02]\n# note\nb: {c: {}}\n'],
  ['toml', 'a = [1, -2.5]\nd = 2026-01-02\n[b]\nc = true\nf = inf\n'],
] as const)('%s gives values of JavaScript', async (format, plain) => {
  const { values } = await valuesOf(plain, format);
  const common = { b: expect.anything() };
  expect(values).toMatchObject(common);
  if (format === 'yaml') {
    expect(values).toEqual({
      a: [1, -2.5, 'yes', true, null, null, 'x', Number.POSITIVE_INFINITY, '2026-01-02T00:00:00Z'],
      b: { c: {} },
    });
  } else {
    expect(values).toMatchObject({ a: [1, -2.5], b: { c: true, f: Number.POSITIVE_INFINITY } });
  }
});

test('JSON of any kind gives what JSON.parse gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), async (object) => {
      const plain = JSON.stringify(object);
      fc.pre(!('sops' in object));
      const { values } = await valuesOf(plain, 'json');
      expect(JSON.stringify(values)).toBe(JSON.stringify(JSON.parse(plain)));
    }),
    { numRuns: 60 },
  );
});

test.each(['yaml', 'json', 'toml'] as const)(
  '%s with a key called __proto__ changes no prototype',
  async (format) => {
    const plain = {
      yaml: '__proto__: {polluted: 1}\n',
      json: '{"__proto__": {"polluted": 1}}',
      toml: '[__proto__]\npolluted = 1\n',
    }[format];
    const { values } = await valuesOf(plain, format);
    expect(Object.getPrototypeOf(values)).toBeNull();
    expect(JSON.stringify(values)).toBe('{"__proto__":{"polluted":1}}');
    expect('polluted' in {}).toBe(false);
  },
);

test.each([
  ['yaml', 'n: 9223372036854775807\n'],
  ['json', '{"n": 9223372036854775807}'],
  ['toml', 'n = 9223372036854775807\n'],
] as const)(
  '%s with a whole number that a number can not hold gives a bigint, or is refused',
  async (format, plain) => {
    await expect(valuesOf(plain, format)).rejects.toMatchObject({
      code: 'output-unsupported',
      message: 'the whole number at ["n"] does not fit a number',
      details: { hint: 'intAsBigInt: true gives whole numbers as bigints' },
    });
    expect((await valuesOf(plain, format, true)).values).toEqual({ n: 9223372036854775807n });
  },
);

test('a bigint is set with all its digits, and refused beyond 64 bits', async () => {
  const options = { format: 'yaml', identities: IDENTITY } as const;
  const { text } = await encrypt('a: 1\n', { format: 'yaml', recipients: [RECIPIENT] });
  const changed = await set(text, ['num'], [2n ** 63n - 1n, 'x'], options);
  expect((await decrypt(changed.text, options)).text).toBe(
    'a: 1\nnum:\n    - 9223372036854775807\n    - x\n',
  );
  await expect(set(text, ['n'], 2n ** 63n, options)).rejects.toMatchObject({ code: 'set-invalid' });
});

test('all documents of a YAML file are there, and merges are worked out', async () => {
  const { values, documents } = await valuesOf(
    'base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\n---\ntwo: 2\n',
    'yaml',
  );
  expect(values).toEqual({ base: { x: 1, y: 2 }, own: { x: 1, y: 3 } });
  expect(documents).toEqual([values, { two: 2 }]);
});

test('a key called << is a key like others where nothing is merged', async () => {
  expect((await valuesOf('{"<<": {"x": 1}}', 'json')).values).toEqual({ '<<': { x: 1 } });
});

test('bytes that are no text stay bytes', async () => {
  const bytes = new Uint8Array([0, 255, 10]);
  expect((await valuesOf(bytes, 'binary')).values).toEqual({ data: bytes });
});
