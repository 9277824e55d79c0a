import fc from 'fast-check';
import { MARKER } from './documents.ts';

const KEY = fc.oneof(
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,5}$/),
  fc.constantFrom('a_unencrypted', 'B_secret', 'é', '1', 'a.b', 'sops', 'SOPS_A', 'sopsx'),
);

/** Keys that only sops's reading has: nothing is trimmed. */
const ODD_KEY = fc.constantFrom('', ' A', 'export B', '\tC', 'D ', '"E"', ' # f', 'ключ', 'a:b', 'sops ');

/** Values that are hard for one reader or another; on one line. */
const VALUE = fc.oneof(
  MARKER,
  MARKER.map((text) => `"${text}"`),
  MARKER.map((text) => ` ${text} # ${text}`),
  MARKER.map((text) => `${text}\\n${text}`),
  fc.constantFrom(
    '',
    ' ',
    '=',
    '==',
    'b=c',
    '"',
    "'",
    '`',
    "it's",
    '"un',
    '\\',
    '\\n',
    '\\\\n',
    '\\t\\r',
    '\\n\\',
    '# no',
    '$B',
    '$B$C',
    '1\r',
    '\r',
    'ENC[x]',
    'null',
    'true',
    '\0',
    '\u2028',
    '\u0085',
    '😀',
    '\ufeff',
  ),
  fc.string({ maxLength: 12, unit: 'grapheme' }).filter((text) => !text.includes('\n')),
);

const COMMENT = fc.oneof(
  MARKER.map((text) => `# ${text}`),
  MARKER.map((text) => `#${text}=${text}\r`),
  fc.constantFrom('#', '##', '#!shell', '# a', '#\t'),
);

const LINE = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(KEY, VALUE).map(([key, value]) => `${key}=${value}`) },
  { weight: 1, arbitrary: fc.tuple(ODD_KEY, VALUE).map(([key, value]) => `${key}=${value}`) },
  { weight: 2, arbitrary: COMMENT },
  { weight: 1, arbitrary: fc.constant('') },
);

/** dotenv of every shape that sops reads: odd keys, quotes, backslashes, carriage returns, repeated keys. */
export const dotenvText: fc.Arbitrary<string> = textOf(fc.array(LINE, { maxLength: 8 }));

/** The same without repeated keys. */
export const distinctDotenvText: fc.Arbitrary<string> = textOf(
  fc.uniqueArray(LINE, { maxLength: 8, selector: keyOf }),
);

/** The key of a line; something of its own for lines that have none. */
function keyOf(line: string): unknown {
  return line === '' || line.startsWith('#') ? Symbol() : line.slice(0, line.indexOf('='));
}

function textOf(lines: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  return fc
    .record({
      lines,
      start: fc.constantFrom('', '', '', '\n', '\ufeff'),
      end: fc.constantFrom('\n', '\n', '', '\n\n', '\n\n\n'),
    })
    .map(({ lines, start, end }) => start + lines.join('\n') + end)
    .filter((text) => text !== '\ufeff' && !/^\ufeff(?:#|\n)/.test(text));
}

const PLAIN_TEXT = fc.oneof(
  MARKER,
  MARKER.map((text) => `two ${text}`),
  fc.constantFrom(
    '1',
    'true',
    'a=b',
    'https://x.test/?a=b&c=d',
    "it's",
    'C:\\new',
    '$B',
    'a#b',
    '#c',
    'é',
    '\\',
    'x"y',
  ),
);

const TEXT_IN_QUOTES = fc.oneof(
  MARKER,
  MARKER.map((text) => `${text}\n# ${text}\nX=${text}`),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '#',
    ' # ',
    '\\n',
    '\\\\n',
    '\\t\\"',
    '\\0101',
    '\\x',
    '$B',
    '\\$B',
    'a\r\nb',
    '\u2028',
    'sops_a=1',
    '\nsops_b=2\n',
    'ENC[',
  ),
  fc.string({ maxLength: 8, unit: 'grapheme' }).filter((text) => !/[\r"'`\\]/.test(text)),
);

const WRITTEN = fc.oneof(
  fc.constant(''),
  PLAIN_TEXT,
  TEXT_IN_QUOTES.map((text) => `"${text}"`),
  TEXT_IN_QUOTES.filter((text) => !text.endsWith('\\')).map((text) => `'${text}'`),
  TEXT_IN_QUOTES.map((text) => `\`${text}\``),
);

const BLANKS = fc.constantFrom('', '', '', ' ', '\t', '  ');

const STATEMENT = fc
  .record({
    lead: BLANKS,
    prefix: fc.constantFrom('', '', '', 'export ', 'export\t '),
    key: fc.oneof(KEY, fc.constantFrom('export', 'a-b', 'x[0]', 'sopsy')),
    equals: fc.oneof(
      { weight: 9, arbitrary: fc.tuple(BLANKS, BLANKS).map(([a, b]) => `${a}=${b}`) },
      fc.constant(': '),
    ),
    value: WRITTEN,
    tail: fc.oneof(
      { weight: 4, arbitrary: BLANKS },
      MARKER.map((text) => ` # ${text}`),
      fc.constantFrom(' #', '\t# " \'', ' #x=1  ', '\r'),
    ),
  })
  .map(({ lead, prefix, key, equals, value, tail }) => `${lead}${prefix}${key}${equals}${value}${tail}`);

const STANDARD_LINE = fc.oneof(
  { weight: 6, arbitrary: STATEMENT },
  { weight: 2, arbitrary: fc.tuple(BLANKS, COMMENT).map(([lead, comment]) => lead + comment) },
  { weight: 1, arbitrary: fc.oneof(BLANKS, fc.constantFrom('FROM_OUTSIDE', 'export B')) },
);

/** dotenv of every shape that docker compose reads: `export`, quotes, comments beside values, lines of blanks. */
export const standardText: fc.Arbitrary<string> = standardOf(fc.array(STANDARD_LINE, { maxLength: 8 }));

/** The same without repeated keys. */
export const distinctStandardText: fc.Arbitrary<string> = standardOf(
  fc.uniqueArray(STANDARD_LINE, {
    maxLength: 8,
    selector: (line) => /^\s*(?:export\s+)?([^\s#=:]+)\s*[=:]/.exec(line)?.[1] ?? Symbol(),
  }),
);

function standardOf(lines: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  return fc
    .record({
      lines,
      start: fc.constantFrom('', '', '', '\n', '\ufeff', ' \n'),
      end: fc.constantFrom('\n', '\n', '', '\n\n', '\n  \n', '\n\t'),
      crlf: fc.boolean(),
    })
    .map(({ lines, start, end, crlf }) => {
      const text = start + lines.join('\n') + end;
      return (crlf ? text.replaceAll('\n', '\r\n') : text).replace(/\r+(\n|$)/g, '\r\n');
    });
}
