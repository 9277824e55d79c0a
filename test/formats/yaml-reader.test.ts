import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/core/sops/policy.ts';
import type { Document } from '../../src/core/splice/format.ts';
import { collectLeaves } from '../../src/core/splice/leaf-walk.ts';
import { BESIDE, MAP, VALUE } from '../../src/core/tree/rows.ts';
import type { Span } from '../../src/core/tree/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { position, YamlError } from '../../src/formats/yaml/error.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import type { CommentText } from '../../src/formats/yaml/read/comment.ts';
import { parseTokens, parseYaml } from '../../src/formats/yaml/read/node.ts';
import { readPlainEntries } from '../../src/formats/yaml/read/plain-entries.ts';
import { readYaml } from '../../src/formats/yaml/read/read.ts';
import type { YamlNode } from '../../src/formats/yaml/read/yaml-node.ts';
import { YamlRows } from '../../src/formats/yaml/read/yaml-rows.ts';
import { resolvePlain } from '../../src/formats/yaml/scalar/resolve.ts';
import { corpus, skipped, VECTORS } from '../support/cases.ts';
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

/** The keys and values of a run; its own comments are those above the first, and below the last. */
function entriesOf(run: YamlNode, rows: YamlRows): YamlNode[] {
  const bare = { ...run, head: undefined, line: undefined, foot: undefined };
  const content = contentOf(run.row, bare, rows);
  const [first, last] = [content[0], content.at(-2)];
  if (first !== undefined) Object.assign(first, { head: run.head, line: run.line });
  if (last !== undefined) last.foot = run.foot;
  return content;
}

function contentOf(collection: number, bare: YamlNode, rows: YamlRows): YamlNode[] {
  let above: Span[] = [];
  let beside: Span[] = [];
  return rows.below(collection).flatMap((row) => {
    const [start = 0, end = 0] = [rows.start[row], rows.end[row]];
    if (rows.isComment(row)) {
      (rows.kind[row] === BESIDE ? beside : above).push({ start: start - 1, end });
      return [];
    }
    const head = commentOf(above, rows.text);
    const value = { ...nodeOf(row, bare, rows), line: commentOf(beside, rows.text) };
    [above, beside] = [[], []];
    if (!rows.isEntry(row)) return [{ ...value, head }];
    const [keyStart = 0, keyEnd = 0] = [rows.keyStart[row], rows.keyEnd[row]];
    return [{ ...scalarNode(keyStart, keyEnd, bare, rows), head }, value];
  });
}

function nodeOf(row: number, bare: YamlNode, rows: YamlRows): YamlNode {
  const [start = 0, end = 0] = [rows.start[row], rows.end[row]];
  const { place } = rows.node(row);
  if (rows.kind[row] === VALUE) {
    const { syntax } = place;
    if (syntax !== 'single' && syntax !== 'double' && syntax !== 'literal')
      return scalarNode(start, end, bare, rows);
    return {
      ...scalarNode(start, end, bare, rows),
      value: rows.value(row).text,
      tag: '!!str',
      style: syntax,
    };
  }
  const kind = rows.kind[row] === MAP ? 'map' : 'seq';
  const content = contentOf(row, bare, rows);
  return {
    ...bare,
    kind,
    start,
    tokenStart: start,
    end,
    tag: `!!${kind}`,
    flow: place.syntax === 'flow',
    content,
  };
}

function scalarNode(start: number, end: number, bare: YamlNode, { text }: YamlRows): YamlNode {
  const value = text.slice(start, end);
  const { tag, value: resolved } = resolvePlain(value, true);
  return { ...bare, kind: 'scalar', start, tokenStart: start, end, value, tag, resolved };
}

function commentOf(lines: readonly Span[], text: string): CommentText | undefined {
  if (lines.length === 0) return undefined;
  return { text: lines.map(({ start, end }) => text.slice(start, end)).join('\n'), lines };
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

/** Values that are rows in most places; those behind them are in none. */
const SIMPLE = [
  ...[
    '1',
    'two words',
    'x:y#z',
    "it's",
    'é',
    '"s"',
    "'two  words'  ",
    '""',
    'true',
    'no',
    '0x1F',
    '[m, "n"]',
    '[]',
  ],
  ...['ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]', '"ENC[AES256_GCM,data:a,iv:b,tag:c,type:comment]"'],
];
const ODD = [
  '"a\\nb"',
  '"open',
  '"s": t',
  '!t w',
  '&y z',
  '*y',
  'e\u2028f',
  'g: h',
  '{p: q}',
  '[m, # n',
  '|',
  '😀',
];

/** Lines that change what stands around them. */
const LINES = [
  ...[
    '',
    '  ',
    '# comment',
    '§: i # beside',
    '- item',
    '- §: k',
    '§: [m, # in flow',
    '  n]',
    '§:',
    'b: 1',
    '\t',
  ],
  ...['"§": l', '§: |', '...', '---', 'a b: c', '? u', ': v', '!t w: x', '&y z: 1', 'word', '§ : g'],
];

type Lines = readonly string[];

/** Lines deeper by some columns, the first of which may stand behind a dash or key. */
function below(lead: string, width: number, lines: Lines): Lines {
  return lines.map((line, index) => (index === 0 ? lead : ' '.repeat(width)) + line);
}

const SCALAR = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...SIMPLE) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD) },
    ),
    fc.constantFrom('', '', '', '', ' # beside', ' #1'),
  )
  .map((parts) => parts.join(''));
const ABOVE = fc.constantFrom<Lines>([], [], [], [], [''], ['# 1'], ['', '# é', '#'], ['# a', ''], [' # b']);

/** The lines of literals; some that are not what they seem. */
const TEXT = fc.array(
  fc.constantFrom('text', 'key: v', '# no comment', '- item', ' deeper', '', 'x ', 'é', '\ttab', '  '),
  {
    maxLength: 3,
  },
);
const LITERAL = fc
  .tuple(fc.constantFrom('|', '|', '|-', '|+', '>', '|2'), fc.constantFrom(1, 2, 4), TEXT)
  .map(([header, width, lines]) => [
    header,
    ...lines.map((line) => (line === '' ? '' : ' '.repeat(width) + line)),
  ]);

/** Mappings of which each key is `§`. */
const { map: MAPS } = fc.letrec<{ map: Lines; entry: Lines; list: Lines; item: Lines }>((tie) => ({
  map: fc
    .array(fc.tuple(ABOVE, tie('entry')), { minLength: 1, maxLength: 5 })
    .map((entries) => entries.flatMap(([above, entry]) => [...above, ...entry])),
  list: fc
    .array(fc.tuple(ABOVE, tie('item')), { minLength: 1, maxLength: 4 })
    .map((items) => items.flatMap(([above, item]) => [...above, ...item])),
  entry: fc.oneof(
    { maxDepth: 4 },
    SCALAR.map((value) => [`§: ${value}`]),
    LITERAL.map(([header = '', ...lines]) => [`§: ${header}`, ...lines]),
    fc
      .tuple(fc.constantFrom(1, 2, 4), tie('map'))
      .map(([width, lines]) => ['§:', ...below(' '.repeat(width), width, lines)]),
    fc
      .tuple(fc.constantFrom(0, 2), tie('list'))
      .map(([width, lines]) => ['§:', ...below(' '.repeat(width), width, lines)]),
  ),
  item: fc.oneof(
    { maxDepth: 4 },
    SCALAR.map((value) => [`- ${value}`]),
    LITERAL.map(([header = '', ...lines]) => [`- ${header}`, ...lines]),
    fc
      .tuple(fc.constantFrom(2, 4), tie('map'))
      .map(([width, lines]) => below('-'.padEnd(width), width, lines)),
  ),
}));

/** Texts of mappings; a line or two of another kind come in somewhere. */
const DOCUMENT = fc
  .tuple(
    MAPS,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '  ', '    '), fc.constantFrom(...LINES)), {
      maxLength: 2,
    }),
  )
  .map(([lines, others]) => {
    const all = [...lines];
    for (const [at, indent, line] of others) all.splice(at % (all.length + 1), 0, indent + line);
    let keys = 0;
    return `${all.join('\n')}\n`.replaceAll('§', () => {
      keys += 1;
      return `k${keys}`;
    });
  });

/** Every third key, and what comments with a 1 speak for. */
const POLICIES: readonly Policy[] = [
  {
    initial: false,
    enter: (state, key) => state || key.endsWith('3'),
    isEncrypted: (state) => state,
  },
  {
    initial: false,
    enter: () => false,
    isEncrypted: (_, comments, isComment) =>
      comments.some((level, depth) => {
        const own = isComment && depth === comments.length - 1 ? level.slice(0, -1) : level;
        return own.some((comment) => comment.includes('1'));
      }),
  },
];

describe('plain entries', () => {
  test('are the same trees and leaves when they are read without tokens', () => {
    const count = { rows: 0, comments: 0 };
    const outcome = (read: () => Document): string => {
      try {
        const document = read();
        const { roots, unseen, bodies, markup } = document;
        const leaves = POLICIES.map((policy) => leavesOf(document, policy, count));
        return JSON.stringify({ leaves, roots, unseen, bodies, markup });
      } catch (error) {
        if (error instanceof SottoError) return error.message;
        throw error;
      }
    };
    fc.assert(
      fc.property(DOCUMENT, (source) => {
        const tree = outcome(() => ({ ...readYaml(source), format: yaml }));
        expect(tree).toBe(outcome(() => ({ ...readYaml(source, parseTokens), format: yaml })));
      }),
      { numRuns: 1000 },
    );
    expect(count.rows).toBeGreaterThan(500);
    expect(count.comments).toBeGreaterThan(50);
  });

  test('end in front of an entry that needs tokens', () => {
    const rows = new YamlRows('a: 1\nb:\n  c: 2\n  d: "3\\n"\ne: 4\n');
    expect(readPlainEntries(rows, 0, 0)).toEqual({
      run: 0,
      end: 5,
      column: 0,
      lines: 1,
      isNewLine: true,
    });
    expect(rows.entries(0)).toMatchObject([{ key: 'a', value: { value: { type: 'int', text: '1' } } }]);
    expect(rows.length).toBe(2);
  });
});

/** All that there is to know of the leaves: asked for one by one, and as objects. */
function leavesOf(document: Document, policy: Policy, count: { rows: number; comments: number }): unknown {
  const leaves = collectLeaves(document, policy);
  const columns = Array.from({ length: leaves.length }, (_, index) => {
    if (leaves.row(index) >= 0) count[leaves.isValue(index) ? 'rows' : 'comments'] += 1;
    return [
      leaves.aad(index),
      leaves.value(index),
      leaves.start(index),
      leaves.isEncrypted(index),
      leaves.isSelected(index),
      leaves.isInList(index),
    ];
  });
  return { columns, leaves: [...leaves] };
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
