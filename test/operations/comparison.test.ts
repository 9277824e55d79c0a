import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printPath } from '../../src/core/tree/path.ts';
import { type FormatName, loadFormat } from '../../src/formats/index.ts';
import { encrypt, encryptOnto, parseIdentities } from '../../src/index.ts';
import { Keyring } from '../../src/keys/keyring.ts';
import { OpenedKeys } from '../../src/keys/opened-keys.ts';
import { type Comparison, compareVersions } from '../../src/operations/compare/comparison.ts';
import { readVersion } from '../../src/operations/compare/version.ts';
import { VECTORS } from '../support/cases.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';
const KEYS = new OpenedKeys(new Keyring({ identities: await parseIdentities(KEY) }));
const RUNS = Number(process.env['SOTTO_RUNS'] ?? 25);

/** Both texts encrypted, the second onto the first; or anew, if it is not to have the same data key. */
async function sealed(
  format: FormatName,
  before: string,
  after: string,
  isAnew = false,
): Promise<[string, string]> {
  const options = { format, recipients: [RECIPIENT] };
  const { text } = await encrypt(before, options);
  const next = isAnew
    ? await encrypt(after, options)
    : await encryptOnto(text, after, { format, identities: KEY });
  return [text, next.text];
}

async function compared(
  format: FormatName,
  texts: readonly [string, string],
  hasKey: boolean,
): Promise<Comparison> {
  const keys = hasKey ? KEYS : undefined;
  const read = await loadFormat(format);
  if (read === undefined) throw new Error(`no format ${format}`);
  const [before, after] = await Promise.all(texts.map((text) => readVersion({ text, format: read }, keys)));
  return compareVersions(before, after);
}

/** `changed ["a"]`, in the order of paths. */
function findings({ values }: Comparison): string[] {
  return values.map(({ change, path, document }) => `${change} ${document}${printPath(path)}`).sort();
}

const WRITERS: { readonly [format: string]: (entries: readonly [string, string][]) => string } = {
  yaml: (entries) => entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`).join(''),
  json: (entries) => JSON.stringify(Object.fromEntries(entries), null, 2),
  jsonc: (entries) => `// note\n${JSON.stringify(Object.fromEntries(entries), null, 2)}`,
  toml: (entries) => entries.map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join(''),
  dotenv: (entries) => entries.map(([key, value]) => `${key}=${value}\n`).join(''),
  ini: (entries) => entries.map(([key, value]) => `${key} = ${value}\n`).join(''),
};
/** INI puts what is in no section into one. */
const SECTION: { readonly [format: string]: string } = { ini: '["DEFAULT"]' };

const ENTRIES = fc.uniqueArray(
  fc.tuple(fc.constantFrom('ka', 'kb', 'kc', 'kd', 'ke'), fc.stringMatching(/^[a-z]{1,4}$/)),
  {
    minLength: 1,
    selector: ([key]) => key,
  },
);

describe.each(Object.keys(WRITERS))('%s', (name) => {
  const format = name as FormatName;
  const write = WRITERS[name] ?? (() => '');

  test('with the key and without one the same is told as an oracle tells', async () => {
    await fc.assert(
      fc.asyncProperty(ENTRIES, ENTRIES, async (before, after) => {
        const texts = await sealed(format, write(before), write(after));
        const [was, is] = [new Map(before), new Map(after)];
        const expected = [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
          if (was.get(key) === is.get(key)) return [];
          const change = !was.has(key) ? 'added' : !is.has(key) ? 'removed' : 'changed';
          return [`${change} 0${SECTION[format] ?? ''}["${key}"]`];
        });
        const [open, closed] = [await compared(format, texts, true), await compared(format, texts, false)];
        expect(findings(open)).toEqual(expected.sort());
        expect(findings(closed)).toEqual(expected.sort());
        expect([open.dataKey, closed.dataKey, open.mac, closed.mac]).toEqual([
          'kept',
          'kept',
          'ok',
          'not-checked',
        ]);
      }),
      { numRuns: RUNS },
    );
  });

  test('with another data key only the key tells what changed', async () => {
    const texts = await sealed(
      format,
      write([
        ['ka', 'one'],
        ['kb', 'two'],
      ]),
      write([
        ['ka', 'one'],
        ['kb', 'six'],
      ]),
      true,
    );
    const at = (key: string): string => `0${SECTION[format] ?? ''}["${key}"]`;
    const open = await compared(format, texts, true);
    expect([open.dataKey, findings(open)]).toEqual(['changed', [`changed ${at('kb')}`]]);
    const closed = await compared(format, texts, false);
    expect([closed.dataKey, findings(closed)]).toEqual([
      'unknown',
      [`re-encrypted ${at('ka')}`, `re-encrypted ${at('kb')}`],
    ]);
  });
});

describe('YAML', () => {
  test.each([
    ['an item at the front', 'l: [a, b, c]\n', 'l: [x, a, b, c]\n', ['added 0["l"][0]']],
    ['an item that goes', 'l: [a, b, c]\n', 'l: [a, c]\n', ['removed 0["l"][1]']],
    [
      'a mapping in a list',
      'l:\n  - {n: a, v: 1}\n  - {n: b, v: 2}\n',
      'l:\n  - {n: a, v: 1}\n  - {n: b, v: 3}\n',
      ['changed 0["l"][1]["v"]'],
    ],
    ['another type', 'a: 5\n', 'a: "5"\n', ['retyped 0["a"]']],
    ['a value that becomes a mapping', 'a: x\n', 'a: {b: x}\n', ['added 0["a"]["b"]', 'removed 0["a"]']],
    ['null and empty', 'a: null\nb: ""\n', 'a: x\nb: y\n', ['changed 0["b"]', 'retyped 0["a"]']],
    ['a further document', 'a: 1\n', 'a: 1\n---\nb: 2\n', ['added 1["b"]']],
    [
      'a value and its copy, as sops expands aliases',
      'a: &x {v: 1}\nb: *x\n',
      'a: &x {v: 2}\nb: *x\n',
      ['changed 0["a"]["v"]', 'changed 0["b"]["v"]'],
    ],
    [
      'a value in clear at its anchor alone',
      'z: s\na_unencrypted: &x {v: 1}\nb_unencrypted: *x\n',
      'z: s\na_unencrypted: &x {v: 2}\nb_unencrypted: *x\n',
      ['changed 0["a_unencrypted"]["v"]'],
    ],
    [
      'an alias in clear that stands for something else',
      'z: s\na_unencrypted: &x {v: 1}\nb_unencrypted: &y {w: 2}\nc_unencrypted: *x\n',
      'z: s\na_unencrypted: &x {v: 1}\nb_unencrypted: &y {w: 2}\nc_unencrypted: *y\n',
      ['changed 0["c_unencrypted"]'],
    ],
    ['nothing where an alias says the same', 'a: &x one\nb: one\n', 'a: &x one\nb: *x\n', []],
    ['nothing but the style', 'a: "x"\nb: [1, 2]\n', "b:\n  - 1\n  - 2\na: 'x'\n", []],
  ])('tells %s', async (_, before, after, expected) => {
    const texts = await sealed('yaml', before, after);
    expect(findings(await compared('yaml', texts, true))).toEqual(expected);
    expect(findings(await compared('yaml', texts, false))).toEqual(expected);
  });

  test('tells comments by what they stand above', async () => {
    const texts = await sealed(
      'yaml',
      '# one\na: 1\nb:\n  # two\n  c: {}\n  # three\nd: 4\n',
      'a: 1\nb:\n  # 2\n  c: {}\n  # three\n# new\nd: 4\n',
    );
    for (const hasKey of [true, false]) {
      const { comments } = await compared('yaml', texts, hasKey);
      expect(comments.map(({ change, path }) => `${change} ${printPath(path)}`).sort()).toEqual([
        'added ["d"]',
        'changed ["b"]["c"]',
        'removed ["a"]',
      ]);
    }
  });

  test('tells nothing between a file and itself', async () => {
    const [text] = await sealed('yaml', '# note\na: [1, {b: c}]\n', 'x: 1\n');
    for (const hasKey of [true, false]) {
      const same = await compared('yaml', [text, text], hasKey);
      expect(same).toMatchObject({
        values: [],
        comments: [],
        readers: { added: [], removed: [] },
        dataKey: 'kept',
      });
    }
  });

  test('sees without a key that the MAC is not of these values, wherever they were moved', async () => {
    const [text] = await sealed('yaml', 'a_unencrypted: 1\nb_unencrypted: 2\nc: x\nd: y\n', 'x: 1\n');
    const lines = text.split('\n');
    const swapped = [lines[0], lines[1], lines[3], lines[2], ...lines.slice(4)].join('\n');
    for (const changed of [text.replace('a_unencrypted: 1', 'a_unencrypted: 3'), swapped])
      expect((await compared('yaml', [text, changed], false)).mac).toBe('stale');
    expect((await compared('yaml', [text, `# note\n${text}`], false)).mac).toBe('not-checked');
  });

  test('takes thousands of values in a moment', async () => {
    const lines = (change: number): string =>
      Array.from({ length: 5000 }, (_, index) => `k${index}: v${index === change ? 'x' : index}\n`).join('');
    const texts = await sealed('yaml', lines(-1), lines(2500));
    const start = performance.now();
    expect(findings(await compared('yaml', texts, false))).toEqual(['changed 0["k2500"]']);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

test('a file that is encrypted as a whole is one value', async () => {
  const texts = await sealed('binary', 'one\0', 'two\0');
  expect(findings(await compared('binary', texts, true))).toEqual(['changed 0["data"]']);
});
