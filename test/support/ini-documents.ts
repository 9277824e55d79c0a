import fc from 'fast-check';
import { MARKER } from './documents.ts';

/** Texts that are hard for go-ini: each can stand on one line. */
const TEXT = fc.oneof(
  { weight: 3, arbitrary: MARKER },
  fc.constantFrom(
    ...[
      '',
      '1',
      'true',
      '%(a)s',
      '[x]',
      '"',
      "'",
      '`',
      '""',
      "''",
      '"""',
      '`"""',
      '\\',
      'a\\',
      '\\\\',
      '=',
      ':',
      '#',
    ],
    ...[
      ';',
      'a;b',
      'a #b',
      '"a;b"',
      "'a' b",
      'ENC[x]',
      'é',
      '😀',
      '\u00a0',
      '\u0085',
      '\u2028',
      '\t',
      'a\tb',
      '<nil>',
    ],
  ),
  fc.string({ maxLength: 10, unit: 'grapheme' }).filter((text) => !/[\n\ufeff]/.test(text)),
);

/** A value with its delimiter, as it is written; it can go over several lines. */
const VALUE = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .tuple(TEXT, fc.constantFrom('', '"', "'", '`', '"""'))
      .map(([text, quote]) => quote + text + quote),
  },
  MARKER.map((text) => `${text}\\\n  more ${text}`),
  fc.tuple(MARKER, TEXT).map(([a, b]) => `"""${a}\n${b}\n"""`),
  fc.tuple(MARKER, MARKER).map(([a, b]) => `\`${a}\n; ${b}\``),
  MARKER.map((text) => `\`${text}\` behind ${text}`),
);

const BESIDE = fc.option(
  fc.tuple(fc.constantFrom(' ; ', ' # ', ';', '#', '\t;; ', ' ;'), MARKER).map((parts) => parts.join('')),
  { nil: '', freq: 4 },
);

const COMMENT = fc.oneof(
  fc
    .tuple(fc.constantFrom('; ', '# ', ';', '#', '  ; ', ';; ', '#; '), MARKER, fc.constantFrom('', '', ' '))
    .map((parts) => parts.join('')),
  fc.constantFrom(';', '#', ';;;;', '', '  '),
);

const COMMENTS = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  fc.array(COMMENT, { minLength: 1, maxLength: 4 }),
);

const KEY = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.constantFrom(
    'a',
    'a',
    'b_secret',
    'a_unencrypted',
    'with space',
    '"a=b"',
    '`k`',
    '"""q"""',
    'é',
    'a[]',
    '-',
    'a.b',
  ),
);

const SETTING = fc
  .tuple(
    COMMENTS,
    fc.constantFrom('', '', '  ', '\t'),
    KEY,
    fc.constantFrom(' = ', '=', ': ', ' : ', '   = '),
    VALUE,
    BESIDE,
  )
  .map(([comments, indent, key, delimiter, value, beside]) => [
    ...comments,
    indent + key + delimiter + value + beside,
  ]);

const HEADER = fc
  .tuple(
    COMMENTS,
    fc.constantFrom('', '', ' '),
    fc.oneof(
      fc.stringMatching(/^[a-z]{1,6}$/).filter((name) => name !== 'sops'),
      fc.constantFrom('s', 's', 's.t', ' s ', 'DEFAULT', 'a "b"', 'é', 's_secret'),
    ),
    BESIDE,
  )
  .map(([comments, indent, name, beside]) => [...comments, `${indent}[${name}]${beside}`]);

const BLOCK = fc
  .tuple(HEADER, fc.array(SETTING, { maxLength: 4 }), fc.boolean())
  .map(([header, settings, blank]) => [...(blank ? [''] : []), ...header, ...settings.flat()]);

/** INI texts of every shape: quotes, several lines, comments above, beside and at the end, repeated sections and keys. */
export const iniText: fc.Arbitrary<string> = fc
  .record({
    start: fc.constantFrom('', '', '', '\ufeff', '\n'),
    top: fc.array(SETTING, { maxLength: 3 }),
    blocks: fc.array(BLOCK, { maxLength: 4 }),
    loose: COMMENTS,
    end: fc.constantFrom('\n', '\n', '', '\n\n', '  ', '\r'),
    crlf: fc.boolean(),
  })
  .map(({ start, top, blocks, loose, end, crlf }) => {
    const text = start + [...top.flat(), ...blocks.flat(), ...loose].join('\n') + end;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });
