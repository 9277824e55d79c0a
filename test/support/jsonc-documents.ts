import fc from 'fast-check';
import { MARKER } from './documents.ts';

/** How often secret texts are generated: each is found again by its marker. */

const WHITE = fc.constantFrom('', '', ' ', '\n', '\n  ', '\n\n    ', '\t');

/** One comment of any kind; what ends with its line has the line break. */
const COMMENT = fc.oneof(
  MARKER.map((text) => `// ${text}\n`),
  MARKER.map((text) => `//${text}\n`),
  MARKER.map((text) => `/* ${text} */`),
  MARKER.map((text) => `/*${text}*/`),
  fc.tuple(MARKER, MARKER).map(([a, b]) => `/*\n   * ${a}\n   *\n   * ${b}\n   */`),
  fc.tuple(MARKER, MARKER).map(([a, b]) => `/* ${a}\n     ${b} */`),
  fc.constantFrom(
    '//\n',
    '/**/',
    '/***/',
    '/* */',
    '/*\n*/',
    '// "old": 1,\n',
    '/* // */',
    '// /*\n',
    '/* \u2028 */',
    '// ENC[x]\n',
    '/* a */ // b\n',
    '/** @type {x} **/',
  ),
);

/** What stands between two tokens: white space mostly. */
const GAP = fc.oneof(
  { weight: 8, arbitrary: WHITE },
  { weight: 2, arbitrary: fc.tuple(WHITE, COMMENT, WHITE).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(WHITE, COMMENT), { maxLength: 4 }).map((parts) => parts.join('')),
  },
);

const KEY = fc
  .oneof(fc.stringMatching(/^[a-z_"\\é/*]{1,6}$/), fc.constantFrom('a_unencrypted', 'b_secret', '// no'))
  .filter((key) => key !== 'sops' && key !== '__proto__');

const SCALAR = fc.oneof(
  MARKER.map((text) => JSON.stringify(text)),
  fc.constantFrom('1', '-0', '1.50', '1e3', '9007199254740993', 'true', 'false', 'null', '""'),
  fc.constantFrom('"// no"', '"/* no */"', '"a\\"b"', '"\\u00e9"', '"<&>"', '"\\/"', '"😀"', '","', '"}"'),
);

const { node, map } = fc.letrec<{ node: string; map: string; list: string }>((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, SCALAR, tie('map'), tie('list')),
  map: fc
    .tuple(
      GAP,
      fc.uniqueArray(fc.tuple(KEY, GAP, GAP, tie('node'), GAP, GAP), {
        maxLength: 4,
        selector: ([key]) => key,
      }),
      fc.boolean(),
    )
    .map(([open, entries, isTrailing]) => {
      const items = entries.map(([key, a, b, value, c, d]) => ({
        text: `${JSON.stringify(key)}${a}:${b}${value}${c}`,
        behind: d,
      }));
      return `{${open}${joined(items, isTrailing)}}`;
    }),
  list: fc
    .tuple(GAP, fc.array(fc.tuple(tie('node'), GAP, GAP), { maxLength: 4 }), fc.boolean())
    .map(([open, entries, isTrailing]) => {
      const items = entries.map(([value, c, d]) => ({ text: `${value}${c}`, behind: d }));
      return `[${open}${joined(items, isTrailing)}]`;
    }),
}));

function joined(items: readonly { text: string; behind: string }[], isTrailing: boolean): string {
  return items
    .map(({ text, behind }, i) => (i < items.length - 1 || isTrailing ? `${text},${behind}` : text))
    .join('');
}

/** Texts as people write them: an item a line, comments above and beside. */
const TIDY = fc
  .tuple(
    fc.uniqueArray(
      fc.tuple(
        fc.stringMatching(/^[a-z]{1,6}$/).filter((key) => key !== 'sops'),
        fc.option(MARKER, { nil: undefined }),
        fc.oneof(SCALAR, node),
        fc.option(MARKER, { nil: undefined }),
        fc.boolean(),
      ),
      { minLength: 1, maxLength: 5, selector: ([key]) => key },
    ),
    fc.constantFrom('  ', '\t', ''),
    fc.boolean(),
    fc.option(MARKER, { nil: undefined }),
  )
  .map(([entries, indent, isTrailing, foot]) => {
    const lines = entries.flatMap(([key, above, value, beside, blank], i) => [
      ...(blank ? [''] : []),
      ...(above === undefined ? [] : [`${indent}// ${above}`]),
      `${indent}"${key}": ${value}${i < entries.length - 1 || isTrailing ? ',' : ''}${
        beside === undefined ? '' : ` // ${beside}`
      }`,
    ]);
    return ['{', ...lines, ...(foot === undefined ? [] : [`${indent}/* ${foot} */`]), '}'].join('\n');
  });

/** JSONC texts: tidy ones, and some with comments, line breaks and commas wherever they may stand. */
export const jsoncText: fc.Arbitrary<string> = fc
  .record({
    start: fc.oneof(fc.constantFrom('', '', '\ufeff'), GAP),
    root: fc.oneof(map, TIDY),
    end: fc.oneof(
      fc.constantFrom('', '\n', '\n\n'),
      GAP,
      MARKER.map((text) => ` // ${text}`),
    ),
    crlf: fc.boolean(),
  })
  .map(({ start, root, end, crlf }) => {
    const text = start + root + end;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });
