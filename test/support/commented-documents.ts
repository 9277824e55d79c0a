import fc from 'fast-check';

/** A key with what is said about it, each in a comment with a mark of its own. */
export interface Commented {
  readonly name: string;
  /** What the comment directly above begins with. */
  readonly head: string | undefined;
  /** On the same line. */
  readonly side: string | undefined;
  /** Above, but a blank line apart. */
  readonly apart: string | undefined;
  readonly children: readonly Commented[];
}

type Flags = Pick<Commented, 'head' | 'side' | 'apart'>;
interface Shape extends Flags {
  readonly children: readonly Flags[];
}

const word = fc.option(fc.constantFrom('plain', 'note'), { nil: undefined });
const flags = { head: word, side: word, apart: word };
const shape = fc.record({ ...flags, children: fc.array(fc.record(flags), { maxLength: 3 }) });
/** Keys with comments, and keys below some of them. */
export const COMMENTED: fc.Arbitrary<Commented[]> = fc
  .array(shape, { minLength: 1, maxLength: 4 })
  .map(named);

function named(shapes: readonly Shape[]): Commented[] {
  return shapes.map(({ children, ...own }, at) => ({
    ...own,
    name: `k${at}`,
    children: children.map((child, below) => ({ ...child, name: `k${at}c${below}`, children: [] })),
  }));
}

/** The comments of a key, above it and beside it. */
function around(
  one: Commented,
  mark: string,
): { readonly above: readonly string[]; readonly beside: string } {
  const apart = one.apart === undefined ? [] : [`${mark} ${one.apart} apart-${one.name}`, ''];
  const head = one.head === undefined ? [] : [`${mark} ${one.head} head-${one.name}`];
  return {
    above: [...apart, ...head],
    beside: one.side === undefined ? '' : ` ${mark} ${one.side} side-${one.name}`,
  };
}

function flatLines(
  entries: readonly Commented[],
  mark: string,
  line: (one: Commented, beside: string) => string[],
): string[] {
  return entries.flatMap((one) => {
    const { above, beside } = around(one, mark);
    return [...above, ...line(one, beside)];
  });
}

function yamlBlock(entries: readonly Commented[], margin = ''): string[] {
  return flatLines(entries, '#', ({ name, children }, beside) =>
    children.length === 0
      ? [`${name}: value-${name}${beside}`]
      : [`${name}:${beside}`, ...yamlBlock(children, '  ')],
  ).map((text) => (text === '' ? '' : margin + text));
}

function yamlList(entries: readonly Commented[]): string[] {
  const lines = flatLines(entries, '#', ({ name, children }, beside) => {
    const [first, ...rest] = yamlBlock(
      children.map((one) => ({ ...one, apart: undefined })),
      '  ',
    );
    const isPlain = first === undefined || first.startsWith('  #');
    return isPlain ? [`- value-${name}${beside}`] : [`- ${first.trimStart()}`, ...rest];
  });
  return ['list:', ...lines];
}

/** Braces, on lines of their own. */
function braces(entries: readonly Commented[], mark: string, quote: string, last: string): string[] {
  return flatLines(entries, mark, (one, beside) => {
    const comma = one === entries.at(-1) ? last : ',';
    const key = `${quote}${one.name}${quote}: `;
    if (one.children.length === 0) return [`${key}"value-${one.name}"${comma}${beside}`];
    return [
      `${key}{`,
      ...braces(one.children, mark, quote, last).map((text) => `  ${text}`),
      `}${comma}${beside}`,
    ];
  });
}

/** Texts of such keys, by the format (its name up to a blank or comma) and the way in which they are written. */
export const WRITERS: { readonly [name: string]: (entries: readonly Commented[]) => string } = {
  yaml: (entries) => yamlBlock(entries).join('\n'),
  'yaml, CRLF': (entries) => yamlBlock(entries).join('\r\n'),
  'yaml in braces': (entries) =>
    ['m: {', ...braces(entries, '#', '', '').map((line) => `  ${line}`), '  }'].join('\n'),
  'yaml list': (entries) => yamlList(entries).join('\n'),
  jsonc: (entries) => ['{', ...braces(entries, '//', '"', ''), '}'].join('\n'),
  'jsonc with a comma at the end': (entries) => ['{', ...braces(entries, '//', '"', ','), '}'].join('\n'),
  toml: (entries) =>
    flatLines(entries, '#', ({ name, children }, beside) =>
      children.length === 0
        ? [`[${name}]${beside}`]
        : [
            `[${name}]${beside}`,
            ...flatLines(children, '#', (one, side) => [`${one.name} = "value-${one.name}"${side}`]),
          ],
    ).join('\n'),
  dotenv: (entries) =>
    flatLines(
      entries.map((one) => ({ ...one, side: undefined })),
      '#',
      ({ name }) => [`${name}=value-${name}`],
    ).join('\n'),
  standard: (entries) =>
    flatLines(entries, '#', ({ name }, beside) => [`export ${name}="value-${name}"${beside}`]).join('\n'),
  ini: (entries) =>
    flatLines(entries, ';', ({ name, children }, beside) => [
      `[${name}]${beside}`,
      ...flatLines(children, ';', (one, side) => [`${one.name} = value-${one.name}${side}`]),
    ]).join('\n'),
};
