import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Document } from '../../src/core/format.ts';
import { VALUE } from '../../src/core/rows.ts';
import type { MapNode } from '../../src/core/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { position, YamlError } from '../../src/formats/yaml/error.ts';
import { parseTokens, parseYaml } from '../../src/formats/yaml/node.ts';
import { readPlainEntries } from '../../src/formats/yaml/plain-entries.ts';
import { readYaml } from '../../src/formats/yaml/read.ts';
import { resolvePlain } from '../../src/formats/yaml/resolve.ts';
import type { YamlNode } from '../../src/formats/yaml/yaml-node.ts';
import { YamlRows } from '../../src/formats/yaml/yaml-rows.ts';
import { corpus, skipped, VECTORS } from '../cases.ts';
import fc from '../support/laws.ts';

/** The one reason for which we refuse what go-yaml reads: where it skips such a mark depends on its buffer. */
const INSIDE = 'a byte order mark stands inside the text';

/** go-yaml's node, as the vectors write it. */
interface Tree {
  readonly kind: string;
  readonly at: readonly [number, number];
  readonly value?: string;
  readonly tag?: string;
  readonly tagged?: string;
  readonly style?: string;
  readonly flow?: boolean;
  readonly anchor?: string;
  readonly head?: string;
  readonly line?: string;
  readonly foot?: string;
  readonly content?: readonly Tree[];
}

interface Row {
  readonly source: string;
  readonly documents?: readonly Tree[] | null;
  readonly error?: string;
}

/** An empty node at the end of a text without a last line break stands on a line of its own, to go-yaml. */
function placeOf(source: string, node: YamlNode, theirs: Tree | undefined): [number, number] {
  const { line, column } = position(source, node.start);
  const [theirLine = 0, theirColumn = 0] = theirs?.at ?? [];
  return node.start === source.length && theirLine === line + 1 && theirColumn === 1
    ? [theirLine, 1]
    : [line, column];
}

function treeOf(source: string, node: YamlNode, theirs: Tree | undefined): Tree {
  return {
    kind: node.kind,
    at: placeOf(source, node, theirs),
    ...(node.kind === 'scalar' ? { value: node.value, tag: node.tag } : {}),
    ...(node.kind === 'alias' ? { value: node.value } : {}),
    ...(node.properties.tag === '' || node.properties.tag === '!' ? {} : { tagged: node.tag }),
    ...(node.kind !== 'scalar' || node.style === 'plain' ? {} : { style: node.style }),
    ...(node.flow ? { flow: true } : {}),
    ...(node.properties.anchor === '' ? {} : { anchor: node.properties.anchor }),
    ...comment('head', node),
    ...comment('line', node),
    ...comment('foot', node),
    ...(node.content.length === 0
      ? {}
      : { content: node.content.map((child, index) => treeOf(source, child, theirs?.content?.[index])) }),
  };
}

function comment(name: 'head' | 'line' | 'foot', node: YamlNode): { [name: string]: string } {
  const text = node[name]?.text ?? '';
  return text === '' ? {} : { [name]: text };
}

/** A node with all its keys and values, as go-yaml has them. */
function withoutRuns(node: YamlNode, rows: YamlRows): YamlNode {
  const content = node.content.flatMap((child, index) => {
    if (child.kind !== 'run') return [withoutRuns(child, rows)];
    return index % 2 === 0 ? entriesOf(child, rows) : [];
  });
  return { ...node, content };
}

function entriesOf(run: YamlNode, rows: YamlRows): YamlNode[] {
  const bare = { ...run, foot: undefined };
  const scalar = (start: number, end: number): YamlNode => {
    const value = rows.text.slice(start, end);
    const { tag, value: resolved } = resolvePlain(value, true);
    return { ...bare, kind: 'scalar', start, tokenStart: start, end, value, tag, resolved };
  };
  const content = rows.below(run.row).flatMap((row) => {
    const [start = 0, end = 0] = [rows.start[row], rows.end[row]];
    const key = scalar(rows.keyStart[row] ?? 0, rows.keyEnd[row] ?? 0);
    if (rows.kind[row] === VALUE) return [key, scalar(start, end)];
    const entries = entriesOf({ ...bare, row }, rows);
    return [
      key,
      { ...bare, kind: 'map' as const, start, tokenStart: start, end, tag: '!!map', content: entries },
    ];
  });
  const last = content.at(-2);
  if (last !== undefined) last.foot = run.foot;
  return content;
}

/** What we make of a text: its trees, or why it is refused. */
function read({ source, documents }: Row): readonly Tree[] | YamlError {
  try {
    const text = source.startsWith('\ufeff') ? source.slice(1) : source;
    const { documents: nodes, rows } = parseYaml(text);
    return nodes.map((document, index) => treeOf(text, withoutRuns(document, rows), documents?.[index]));
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
}

interface Tally {
  same: number;
  refusedByBoth: number;
  refusedByUs: string[];
  otherwise: string[];
}

function compare(rows: readonly (Row & { readonly name: string })[]): Tally {
  const tally: Tally = { same: 0, refusedByBoth: 0, refusedByUs: [], otherwise: [] };
  for (const row of rows) {
    const ours = read(row);
    if (row.error !== undefined) {
      if (ours instanceof YamlError) tally.refusedByBoth += 1;
      else tally.otherwise.push(`${row.name}: read, though go-yaml refuses it: ${row.error}`);
    } else if (ours instanceof YamlError) {
      tally.refusedByUs.push(`${row.name}: ${ours.problem}`);
    } else if (JSON.stringify(sorted(ours)) === JSON.stringify(sorted(row.documents ?? []))) {
      tally.same += 1;
    } else {
      tally.otherwise.push(
        `${row.name}: ${JSON.stringify(row.source)}\n  ours   ${JSON.stringify(sorted(ours))}\n  theirs ${JSON.stringify(sorted(row.documents))}`,
      );
    }
  }
  return tally;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function report(name: string, tally: Tally): void {
  console.log(
    `${name}: ${tally.same} trees are the same, ${tally.refusedByBoth} refused by both, ${tally.refusedByUs.length} only by us, ${tally.otherwise.length} read otherwise`,
  );
}

describe('the YAML reader', () => {
  test('reads the 3,600 documents of the vectors as go-yaml does', () => {
    const rows = linesOf(join(VECTORS, 'go-yaml/trees.jsonl')).map((line, index): Row & { name: string } => ({
      ...JSON.parse(line),
      name: `line ${index + 1}`,
    }));
    const tally = compare(rows);
    report('vectors', tally);
    expect(tally.otherwise.slice(0, 5)).toEqual([]);
    expect(
      tally.refusedByUs.filter((line) => !line.endsWith('a byte order mark stands inside the text')),
    ).toEqual([]);
    expect(tally.refusedByUs.length).toBeLessThan(rows.length / 100);
  });

  test.for(['yaml-test-suite', 'yaml'])(
    'reads the files of corpus/%s as go-yaml does',
    (folder, { skip }) => {
      const path = corpus(`go-yaml/${folder}.jsonl`);
      if (path === undefined) return skip(skipped('go-yaml'));
      const rows = linesOf(path).flatMap((line): (Row & { name: string })[] => {
        const row: Row & { name: string } = JSON.parse(line);
        const file = corpus(folder === 'yaml' ? row.name : `yaml-test-suite/${row.name}.yaml`) ?? '';
        const source = utf8(readFileSync(file));
        return source === undefined ? [] : [{ ...row, source }];
      });
      const tally = compare(rows);
      report(folder, tally);
      expect(tally.otherwise.slice(0, 5)).toEqual([]);
      expect(tally.refusedByUs.filter((line) => !line.endsWith(INSIDE))).toEqual([]);
      expect(tally.refusedByUs.length).toBeLessThan(rows.length / 100);
    },
  );
});

/** Lines that go well with each other, and lines that change what stands around them. */
const LINES = [
  ...[
    'a: 1',
    'b: two words',
    'c: x:y#z',
    'd:',
    'e: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]',
    "f: it's",
    'g: é',
  ],
  ...[
    '',
    '  ',
    '# comment',
    'h: i # beside',
    '- item',
    '- j: k',
    'l: [m, # in flow',
    '  n]',
    'o: {p: q}',
    'r: "s"',
  ],
  ...[
    't: |',
    '...',
    '---',
    'a b: c',
    '? u',
    ': v',
    '!t w: x',
    '&y z: 1',
    'aa: *y',
    'bb: \u2028cc',
    'word',
    'dd: e:',
    'ff : g',
  ],
];

describe('plain entries', () => {
  test('are the same trees when they are read without tokens', () => {
    const text = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...LINES.slice(0, 7)) },
      { weight: 1, arbitrary: fc.constantFrom(...LINES) },
    );
    const line = fc.tuple(fc.constantFrom('', '', '', '  ', '    '), text);
    const document = fc
      .array(line, { minLength: 2, maxLength: 16 })
      .map((lines) => lines.map((parts) => parts.join('')).join('\n'));
    let atOnce = 0;
    fc.assert(
      fc.property(document, (source) => {
        const outcome = (read: () => Document): unknown => {
          try {
            const { roots, strays, bodies, markup } = read();
            return { roots: roots.map(plainTree), strays, bodies, markup };
          } catch (error) {
            if (error instanceof SottoError) return error.message;
            throw error;
          }
        };
        const tree = outcome(() => readYaml(source));
        expect(tree).toEqual(outcome(() => readYaml(source, parseTokens)));
        const isRead = readPlainEntries(new YamlRows(source), 0, 0) !== undefined;
        if (isRead && typeof tree !== 'string') atOnce += 1;
      }),
      { numRuns: 3000 },
    );
    expect(atOnce).toBeGreaterThan(50);
  });

  test('end in front of an entry that needs tokens', () => {
    const rows = new YamlRows('a: 1\nb:\n  c: 2\n  d: "3"\ne: 4\n');
    expect(readPlainEntries(rows, 0, 0)).toEqual({ run: 0, end: 5, lines: 1 });
    expect(rows.entries(0)).toMatchObject([{ key: 'a', value: { value: { type: 'int', text: '1' } } }]);
    expect(rows.length).toBe(2);
  });
});

/** A tree without what makes its items when they are asked for. */
function plainTree(root: MapNode): unknown {
  return JSON.parse(JSON.stringify(root));
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').trim().split('\n');
}

/** The text of a file; `undefined` if it is no UTF-8, which never comes as far as the reader. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
