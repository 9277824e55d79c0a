import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameTree, withoutValue } from '../../src/core/changed-tree.ts';
import { applyEdits } from '../../src/core/edit.ts';
import type { Path } from '../../src/core/tree.ts';
import { standard } from '../../src/formats/dotenv/standard/index.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { requireFormat } from '../sealing.ts';

/** A key with what is said about it, each in a comment with a mark of its own. */
interface Commented {
  readonly name: string;
  /** Directly above. */
  readonly head: boolean;
  /** On the same line. */
  readonly side: boolean;
  /** Above, but a blank line apart. */
  readonly apart: boolean;
  readonly children: readonly Commented[];
}

type Flags = Pick<Commented, 'head' | 'side' | 'apart'>;
interface Shape extends Flags {
  readonly children: readonly Flags[];
}

const flags = { head: fc.boolean(), side: fc.boolean(), apart: fc.boolean() };
const shape = fc.record({ ...flags, children: fc.array(fc.record(flags), { maxLength: 3 }) });
const documents = fc.array(shape, { minLength: 1, maxLength: 4 }).map(named);

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
  const apart = one.apart ? [`${mark} apart-${one.name}`, ''] : [];
  const head = one.head ? [`${mark} head-${one.name}`] : [];
  return { above: [...apart, ...head], beside: one.side ? ` ${mark} side-${one.name}` : '' };
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
    children.length === 0 ? [`${name}: v${beside}`] : [`${name}:${beside}`, ...yamlBlock(children, '  ')],
  ).map((text) => (text === '' ? '' : margin + text));
}

function yamlList(entries: readonly Commented[]): string[] {
  const lines = flatLines(entries, '#', ({ name, children }, beside) => {
    const [first, ...rest] = yamlBlock(
      children.map((one) => ({ ...one, apart: false })),
      '  ',
    );
    const isPlain = first === undefined || first.startsWith('  #');
    return isPlain ? [`- ${name}${beside}`] : [`- ${first.trimStart()}`, ...rest];
  });
  return ['list:', ...lines];
}

/** Braces, on lines of their own. */
function braces(entries: readonly Commented[], mark: string, quote: string, last: string): string[] {
  return flatLines(entries, mark, (one, beside) => {
    const comma = one === entries.at(-1) ? last : ',';
    const key = `${quote}${one.name}${quote}: `;
    if (one.children.length === 0) return [`${key}"v"${comma}${beside}`];
    return [
      `${key}{`,
      ...braces(one.children, mark, quote, last).map((text) => `  ${text}`),
      `}${comma}${beside}`,
    ];
  });
}

const WRITERS: { readonly [name: string]: (entries: readonly Commented[]) => string } = {
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
        : [`[${name}]${beside}`, ...flatLines(children, '#', (one, side) => [`${one.name} = "v"${side}`])],
    ).join('\n'),
  dotenv: (entries) =>
    flatLines(
      entries.map((one) => ({ ...one, side: false })),
      '#',
      ({ name }) => [`${name}=v`],
    ).join('\n'),
  standard: (entries) =>
    flatLines(entries, '#', ({ name }, beside) => [`export ${name}="v"${beside}`]).join('\n'),
  ini: (entries) =>
    flatLines(entries, ';', ({ name, children }, beside) => [
      `[${name}]${beside}`,
      ...flatLines(children, ';', (one, side) => [`${one.name} = v${side}`]),
    ]).join('\n'),
};

const MARK = /(?:apart|head|side)-\w+/g;
const marksIn = (text: string): string[] => [...(text.match(MARK) ?? [])].sort();

describe('a value that goes takes the comments along that belong to it, and no others', () => {
  for (const [name, write] of Object.entries(WRITERS)) {
    const [word = ''] = name.split(/[ ,]/);
    const format = word === 'standard' ? standard : word === 'toml' ? toml : requireFormat(word);
    test(name, () => {
      fc.assert(
        fc.property(documents, fc.nat(), fc.nat(), (entries, at, below) => {
          const text = `${write(entries)}\n`;
          const document = format.read(text);
          const [root] = document.roots;
          const one = entries[at % entries.length];
          if (one === undefined || root === undefined) return;
          const child = one.children[below % (one.children.length + 1)];
          const gone = child !== undefined && text.includes(`${child.name}`) ? child : one;
          const path = pathTo(name, one, gone === one ? undefined : gone, at % entries.length);
          const changed = applyEdits(text, format.change(document, { op: 'remove', document: 0, path }));
          const after = format.read(changed).roots[0];
          expect(after !== undefined && sameTree(after, withoutValue(root, path)), changed).toBe(true);
          const own = [gone.name, ...gone.children.map((inner) => inner.name)];
          const kept = marksIn(text).filter((mark) => {
            const [kind = '', owner = ''] = mark.split('-');
            return !own.includes(owner) || (kind === 'apart' && owner === gone.name);
          });
          expect(marksIn(changed), `${text}--- ${path}\n${changed}`).toEqual(kept);
        }),
        { numRuns: 300 },
      );
    });
  }
});

function pathTo(name: string, { name: key }: Commented, child: Commented | undefined, at: number): Path {
  const below = child === undefined ? [] : [child.name];
  if (name === 'yaml list') return ['list', at, ...below];
  return name === 'yaml in braces' ? ['m', key, ...below] : [key, ...below];
}
