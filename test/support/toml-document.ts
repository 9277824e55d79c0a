import fc from 'fast-check';
import { MARKER } from './documents.ts';

/** How often secret texts are generated: each is found again by its marker. */

/** Texts that are hard for quoting. */
const TEXT = fc.oneof(
  MARKER,
  fc.constantFrom(
    '',
    ' ',
    'null',
    'true',
    '12',
    '2001-01-01',
    '# no',
    'a = b',
    "it's",
    '"',
    '""""',
    "'''",
    '\\',
    'a\\nb',
    'a\nb',
    'a\r\nb',
    '\n',
    'a\n\n "b"\n',
    'a\n""""b"',
    "a\\\nb'",
    'C:\\x\n',
    "q'\n\\'",
    '\t',
    '\0\x1f\x7f',
    'é',
    '😀',
    '\u2028\u0085\ufeff',
    '[x]',
    'ENC[',
  ),
  fc.string({ maxLength: 12, unit: 'grapheme' }),
);

/** A string, quoted in one of the four ways. */
const STRING = fc
  .tuple(TEXT, fc.constantFrom('"', "'", '"""', "'''"), fc.boolean())
  .map(([text, quotes, broken]) => {
    const start = quotes.length === 3 && broken ? `${quotes}\n` : quotes;
    const isRaw = quotes.startsWith("'") && !text.includes("'") && !/[\0-\x08\x0b-\x1f\x7f]/.test(text);
    if (isRaw && (quotes.length === 3 || !text.includes('\n'))) return `${start}${text}${quotes}`;
    const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\x7f', '\\u007f');
    if (quotes !== '"""') return `"${escaped}"`;
    return `${start}${escaped.replaceAll('\\n', broken ? '\n' : '\\n')}${broken ? '\\\n   ' : ''}"""`;
  });

const NUMBER = fc.constantFrom(
  '1',
  '-7',
  '+0',
  '0xDEAD_beef',
  '0o17',
  '0b1_0',
  '1_000',
  '9223372036854775807',
  '1.50',
  '1e3',
  '6.26e-34',
  '-0.0',
  'inf',
  '-inf',
  'nan',
  'true',
  'false',
  '1979-05-27T07:32:00Z',
  '1979-05-27 00:32:00.999999-07:00',
  '1979-05-27T07:32:00',
  '1979-05-27',
  '07:32:00.5',
);

const KEY = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}$/).filter((key) => !/^(?:sub|sops)/.test(key)),
  fc.constantFrom('"quoted key"', "'k.v'", 'a_unencrypted', 'b_secret', '"é"', '1979-05-27', '""', '"a:b"'),
);

const COMMENT = fc.option(MARKER, { nil: undefined, freq: 3 });

const { value } = fc.letrec<{ value: string; scalar: string; list: string; table: string }>((tie) => ({
  scalar: fc.oneof(
    STRING,
    MARKER.map((text) => `"${text}"`),
    NUMBER,
  ),
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('scalar'), tie('list'), tie('table')),
  list: fc
    .tuple(
      fc.array(fc.tuple(tie('value'), COMMENT, COMMENT), { maxLength: 3 }),
      fc.constantFrom('one', 'wide', 'lines'),
      fc.boolean(),
    )
    .map(([items, shape, comma]) => {
      const values = items.map(([text]) => text);
      if (shape !== 'lines') return shape === 'one' ? `[${values.join(', ')}]` : `[ ${values.join(' ,')} ]`;
      const lines = items.map(([text, above, beside], index) => {
        const end = comma || index + 1 < items.length ? ',' : '';
        const head = above === undefined ? '' : `  # ${above}\n`;
        return `${head}  ${text}${end}${beside === undefined ? '' : ` # ${beside}`}\n`;
      });
      return `[\n${lines.join('')}]`;
    }),
  table: fc
    .uniqueArray(fc.tuple(KEY, tie('scalar'), fc.boolean()), { maxLength: 3, selector: ([key]) => key })
    .map((pairs) => {
      const texts = pairs.map(([key, text, dotted]) => `${key}${dotted ? '.x' : ''} = ${text}`);
      return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
    }),
}));

const PAIR = fc.record({
  key: KEY,
  dotted: fc.constantFrom('', '', '', '.x', ' . "y z".w'),
  sign: fc.constantFrom(' = ', '=', '   = '),
  value,
  above: COMMENT,
  beside: COMMENT,
  blank: fc.boolean(),
  margin: fc.constantFrom('', '', '  '),
});

const PAIRS = fc
  .uniqueArray(PAIR, { maxLength: 3, selector: ({ key }) => key })
  .map((pairs) =>
    pairs.map((pair) => {
      const { key, dotted, sign, value: text, above, beside, blank, margin } = pair;
      const head = above === undefined ? '' : `${margin}# ${above}\n`;
      const tail = beside === undefined ? '' : ` # ${beside}`;
      return `${blank ? '\n' : ''}${head}${margin}${key}${dotted}${sign}${text}${tail}\n`;
    }),
  )
  .map((lines) => lines.join(''));

/** A header with its pairs; sometimes a comment stands above it, apart or not. */
function section(header: string): fc.Arbitrary<string> {
  return fc
    .tuple(PAIRS, COMMENT, COMMENT, fc.constantFrom('', '\n'), fc.constantFrom('\n', '', '\n\n'))
    .map(([pairs, above, beside, gap, before]) => {
      const head = above === undefined ? '' : `# ${above}\n${gap}`;
      return `${before}${head}${header}${beside === undefined ? '' : ` # ${beside}`}\n${pairs}`;
    });
}

/** A table with tables below it, in any order. */
function tables(name: string): fc.Arbitrary<string[]> {
  const headers = [`[${name}]`, `[${name}.suba]`, `[ ${name} . "sub b" . suba ]`, `[[${name}.subl]]`];
  return fc.shuffledSubarray(headers).chain((some) => fc.tuple(...some.map(section)));
}

/** An array of tables, whose sections have to stay together. */
function array(name: string): fc.Arbitrary<string[]> {
  return fc
    .array(fc.tuple(section(`[[${name}]]`), fc.option(section(`[${name}.suba]`), { nil: '' })), {
      maxLength: 2,
    })
    .map((elements) => [elements.flat().join('')]);
}

/** TOML texts of every shape: tables in any order, arrays of tables, dotted keys, all values, comments, line ends. */
export const tomlText: fc.Arbitrary<string> = fc
  .record({
    pairs: PAIRS,
    sections: fc
      .tuple(tables('sub0'), tables('"sub 1"'), array('sub2'))
      .chain((groups) =>
        fc.shuffledSubarray(groups.flat(), { maxLength: Math.min(5, groups.flat().length) }),
      ),
    start: fc.constantFrom('', '', '# top\n\n', '\n', '\ufeff'),
    end: fc.constantFrom('', '', '\n', '# end\n', '\n# end', 'cut'),
    crlf: fc.boolean(),
  })
  .map(({ pairs, sections, start, end, crlf }) => {
    const text = `${start}${pairs}${sections.join('')}`;
    const ended = end === 'cut' ? text.replace(/\n$/, '') : text + end;
    return crlf ? ended.replace(/\r?\n/g, '\r\n') : ended;
  });
