import fc from 'fast-check';

/** How often secret texts are generated: each is found again by its marker. */
export const MARKER: fc.Arbitrary<string> = fc.stringMatching(/^zq[a-z0-9]{14}qz$/);

/** Texts that are hard for quoting. */
const TEXT = fc.oneof(
  MARKER,
  fc.constantFrom(
    '',
    ' ',
    'true',
    'null',
    '~',
    '12',
    '0x1f',
    '1e3',
    '.inf',
    '2001-01-01',
    '# no',
    'a: b',
    '- x',
    '&a',
    '*a',
    '!x',
    '%d',
    '@',
    '`',
    "it's",
    '"',
    '\\',
    'a\nb',
    'a\n\nb\n',
    '\n',
    ' lead',
    'trail ',
    '\t',
    'é',
    '😀',
    '\u2028',
    '\u0085',
    '[',
    '{',
    '}',
    ',',
    '<<',
    'ENC[',
    'sops',
    '---',
    '...',
    '?',
    ':',
    '|',
    '>',
  ),
  fc
    .string({ maxLength: 12, unit: 'grapheme' })
    .filter((text) => !/[\ufeff\ufffe\uffff\0-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]/.test(text)),
);

/** One scalar: how it is written in YAML. */
const YAML_SCALAR = fc.oneof(
  TEXT.map((text) =>
    JSON.stringify(text).replace(
      /[\u0085\u2028\u2029\ufeff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  ),
  TEXT.filter((text) => !/[\n\u0085\u2028\u2029]/.test(text)).map(
    (text) => `'${text.replaceAll("'", "''")}'`,
  ),
  MARKER,
  MARKER.map((text) => `${text} more ${text}`),
  fc.constantFrom(
    '1',
    '-7',
    '0x1F',
    '0o17',
    '1_000',
    '1.50',
    '1e3',
    '.5',
    '-.inf',
    '.nan',
    'true',
    'False',
    'yes',
    'null',
    '~',
    '',
    '2001-12-14t21:59:43.10-05:00',
    '2002-12-14',
    '!!str 12',
    '!!int "3"',
    '!custom x',
    '""',
    "''",
  ),
);

const BLOCK = fc
  .record({
    mark: fc.constantFrom('|', '>', '|-', '>-', '|+', '>+'),
    lines: fc.array(
      fc.oneof(
        MARKER,
        fc.constant(''),
        MARKER.map((text) => `  ${text}`),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ mark, lines }) => ({ mark, lines: [MARKED, ...lines] }));
const MARKED = 'block';

interface Node {
  /** Lines; the first continues the line of the key or dash. */
  readonly lines: (indent: string) => string[];
  readonly isBlock: boolean;
}

const KEY = fc.oneof(
  fc
    .stringMatching(/^[a-z]{1,6}$/)
    .filter((key) => key !== 'sops' && !/^(?:y|n|on|off|yes|no|true|false|null)$/.test(key)),
  fc.constantFrom('"quoted key"', "'k: v'", 'with space', 'a_unencrypted', 'b_secret', 'é'),
);

const scalar: fc.Arbitrary<Node> = YAML_SCALAR.map((text) => ({ isBlock: false, lines: () => [text] }));
const block: fc.Arbitrary<Node> = BLOCK.map(({ mark, lines }) => ({
  isBlock: false,
  lines: (indent) => [mark, ...lines.map((line) => (line === '' ? '' : `${indent}  ${line}`))],
}));
const flow: fc.Arbitrary<Node> = fc.array(MARKER, { maxLength: 3 }).map((items) => ({
  isBlock: false,
  lines: () => [
    items.length % 2 === 0
      ? `[ ${items.join(', ')} ]`
      : `{${items.map((item, i) => `k${i}: "${item}"`).join(',')}}`,
  ],
}));

const COMMENT = fc.option(MARKER, { nil: undefined, freq: 3 });

const { node } = fc.letrec<{ node: Node; map: Node; list: Node }>((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, block, flow, tie('map'), tie('list')),
  map: fc
    .tuple(
      fc.uniqueArray(fc.tuple(KEY, tie('node'), COMMENT, COMMENT, fc.boolean()), {
        minLength: 1,
        maxLength: 4,
        selector: ([key]) => key,
      }),
      fc.constantFrom('  ', '    ', ' '),
    )
    .map(([entries, step]) => ({
      isBlock: true,
      lines: (indent) =>
        entries.flatMap(([key, value, head, beside, blank]) =>
          entryLines(`${key}:`, value, indent, step, head, beside, blank),
        ),
    })),
  list: fc
    .tuple(
      fc.array(fc.tuple(tie('node'), COMMENT, COMMENT, fc.boolean()), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('  ', '    '),
    )
    .map(([items, step]) => ({
      isBlock: true,
      lines: (indent) =>
        items.flatMap(([value, head, beside, blank]) =>
          entryLines('-', value, indent, step, head, beside, blank),
        ),
    })),
}));

function entryLines(
  start: string,
  value: Node,
  indent: string,
  step: string,
  head: string | undefined,
  beside: string | undefined,
  blank: boolean,
): string[] {
  const inner = indent + step;
  const before = [...(blank ? [''] : []), ...(head === undefined ? [] : [`${indent}# ${head}`])];
  const tail = beside === undefined ? '' : ` # ${beside}`;
  if (value.isBlock) return [...before, `${indent}${start}${tail}`, ...value.lines(inner)];
  const [first = '', ...rest] = value.lines(indent);
  return [...before, `${indent}${start} ${first}${tail}`, ...rest];
}

const ROOT = fc.uniqueArray(fc.tuple(KEY, node, COMMENT, COMMENT, fc.boolean()), {
  minLength: 1,
  maxLength: 5,
  selector: ([key]) => key,
});

/** YAML texts of every shape: nested, quoted, with comments, blocks, several documents, all line ends. */
export const yamlText: fc.Arbitrary<string> = fc
  .record({
    documents: fc.array(ROOT, { minLength: 1, maxLength: 2 }),
    start: fc.constantFrom('', '', '---\n', '# top\n\n', '%YAML 1.1\n---\n', '\ufeff'),
    end: fc.constantFrom('\n', '\n', '', '\n\n', '\n# end\n', '\n...\n'),
    step: fc.constantFrom('  ', '    '),
    crlf: fc.boolean(),
  })
  .map(({ documents, start, end, step, crlf }) => {
    const texts = documents.map((entries) =>
      entries
        .flatMap(([key, value, head, beside, blank]) =>
          entryLines(`${key}:`, value, '', step, head, beside, blank),
        )
        .join('\n'),
    );
    const text = start + texts.join('\n---\n') + end;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });

/** JSON texts of every shape and spacing. */
export const jsonText: fc.Arbitrary<string> = fc
  .record({
    value: fc.dictionary(
      fc.stringMatching(/^[a-z_"\\é]{1,6}$/).filter((key) => key !== 'sops' && key !== '__proto__'),
      fc.oneof(
        { weight: 2, arbitrary: MARKER },
        { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
        { weight: 1, arbitrary: fc.array(MARKER, { maxLength: 3 }) },
        { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c'), MARKER) },
      ),
      { minKeys: 1, maxKeys: 5 },
    ),
    space: fc.constantFrom('', '  ', '\t', ' '),
    end: fc.constantFrom('', '\n', '\n\n', ' '),
    crlf: fc.boolean(),
  })
  .map(({ value, space, end, crlf }) => {
    const text = JSON.stringify(value, null, space) + end;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });

/** The markers in a text. */
export function markersIn(text: string): string[] {
  return text.match(/zq[a-z0-9]{14}qz/g) ?? [];
}
