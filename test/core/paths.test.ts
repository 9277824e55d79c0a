import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPath, pathFor } from '../../src/core/tree/find-path.ts';
import { parsePath, printPath, shortPath } from '../../src/core/tree/path.ts';
import { parseSopsPath } from '../../src/core/tree/sops-path.ts';
import type { MapNode, Path, TreeNode } from '../../src/core/tree/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { json } from '../../src/formats/json/index.ts';

fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });
const RUNS = Number(process.env['SOTTO_RUNS'] ?? 300) * 10;

/** Keys that are like others, and those with all that the grammar has signs for. */
const KEY = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'a.b',
    'a.b.a',
    '.a',
    'a.',
    '.',
    'a[0]',
    '[0]',
    '0',
    'a"b',
    "a'b",
    'a\\b',
    '["a"]',
  ),
  fc.string({ unit: fc.constantFrom('a', 'b', '.', '[', ']', '"', "'", '\\', '0', ' ', '\n'), maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const PATH: fc.Arbitrary<Path> = fc.array(fc.oneof(KEY, fc.nat(3)), { minLength: 1, maxLength: 5 });

/** A tree of keys. */
const treeOf = (key: fc.Arbitrary<string>): fc.Arbitrary<object> =>
  fc.letrec<{ node: unknown; map: object }>((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, fc.constant(1), tie('map'), fc.array(tie('node'), { maxLength: 2 })),
    map: fc.dictionary(key, tie('node'), { maxKeys: 5 }),
  })).map;
const TREE = treeOf(KEY);

function rootOf(data: object): MapNode {
  const [root] = json.read(JSON.stringify(data)).roots;
  if (root === undefined) throw new Error('there is no document');
  return root;
}

/** All paths of a tree. */
function pathsIn(node: TreeNode, path: Path = []): Path[] {
  const below =
    node.kind === 'map'
      ? node.items.flatMap((item) => (item.kind === 'entry' ? pathsIn(item.value, [...path, item.key]) : []))
      : node.kind === 'list'
        ? node.items.flatMap((item, at) => (item.kind === 'comment' ? [] : pathsIn(item, [...path, at])))
        : [];
  return path.length === 0 ? below : [path, ...below];
}

function codeOf(work: () => unknown): string {
  try {
    return JSON.stringify(work()) ?? 'undefined';
  } catch (error) {
    return error instanceof SottoError ? error.code : String(error);
  }
}

describe('laws', () => {
  test('what is printed of a path is read back as it, short or exact', () => {
    fc.assert(
      fc.property(PATH, (path) => {
        expect(parsePath(printPath(path))).toEqual(path);
        expect(parsePath(shortPath(path))).toEqual(path);
      }),
      { numRuns: RUNS },
    );
  });

  test('an exact form means one value, whatever other keys the file has', () => {
    fc.assert(
      fc.property(TREE, PATH, (data, other) => {
        const root = rootOf(data);
        for (const path of pathsIn(root)) {
          expect(findPath(root, { written: printPath(path) })).toEqual(path);
          expect(pathFor(root, { written: printPath(path) })).toEqual(path);
        }
        expect(codeOf(() => pathFor(root, { written: printPath(other) }))).not.toMatch(/^path/);
      }),
      { numRuns: RUNS / 10 },
    );
  });

  test('a short form means its value, or is refused with two exact forms of what it could mean', () => {
    let refused = 0;
    fc.assert(
      fc.property(treeOf(fc.constantFrom('a', 'b', 'a.b', 'a.b.a', 'b.b', 'a[0]')), (data) => {
        const root = rootOf(data);
        const paths = pathsIn(root);
        for (const path of paths) {
          try {
            expect(findPath(root, { written: shortPath(path) })).toEqual(path);
          } catch (error) {
            if (!(error instanceof SottoError)) throw error;
            expect(error.code).toBe('path-ambiguous');
            const isNamed = (one: Path): boolean =>
              error.details.hint?.split(' ').includes(quoted(one)) === true;
            expect(paths.filter(isNamed).length).toBe(2);
            refused += 1;
          }
        }
      }),
      { numRuns: RUNS / 10 },
    );
    expect(refused).toBeGreaterThan(10);
  });

  test('of a key without escapes and brackets, the exact form is that of sops', () => {
    const key = KEY.filter((text) => !/[\\"[]/.test(JSON.stringify(text).slice(1, -1)));
    fc.assert(
      fc.property(fc.array(fc.oneof(key, fc.nat(3)), { minLength: 1 }), (path) => {
        const printed = printPath(path);
        if (!printed.startsWith('.')) expect(parseSopsPath(printed)).toEqual(path);
      }),
      { numRuns: RUNS },
    );
  });

  test('any text is a path, or an error of ours', () => {
    const root = rootOf({ a: { b: [1, { 'a.b': 2 }] }, 'a.b': 3 });
    fc.assert(
      fc.property(fc.oneof(KEY, fc.string(), PATH.map(printPath)), (written) => {
        for (const read of [() => parsePath(written), () => findPath(root, { written })])
          expect(codeOf(read)).toMatch(/^(?:\[.*\]|undefined|path-invalid|path-ambiguous)$/s);
      }),
      { numRuns: RUNS },
    );
  });
});

function quoted(path: Path): string {
  return `'${printPath(path).replaceAll("'", "'\\''")}'`;
}

describe('a text', () => {
  test.each<[string, Path]>([
    ['database.password', ['database', 'password']],
    ['list[0]', ['list', 0]],
    ['["a.b"]', ['a.b']],
    ["['a.b']", ['a.b']],
    ['a["b.c"][0].d', ['a', 'b.c', 0, 'd']],
    ['["a"]["b"][0]', ['a', 'b', 0]],
    ['.a.b[0]', ['a', 'b', 0]],
    ['.a.["b"]', ['a', 'b']],
    ['my key.x/y', ['my key', 'x/y']],
    ['["say \\"hi\\""]', ['say "hi"']],
    ['["DOMAIN\\user"]', ['DOMAIN\\user']],
    ['["a"b"]', ['a"b']],
    ['größe.ключ', ['größe', 'ключ']],
  ])('%s is a path', (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  test.each([
    '',
    '.',
    'a.',
    'a..b',
    'a[',
    'a[b]',
    'a]',
    '[0',
    'a[-1]',
    'a[1.5]',
    '["a"]b',
    '"a.b"',
    'a[99999999999999999999]',
  ])('"%s" is none', (text) => {
    expect(codeOf(() => parsePath(text))).toBe('path-invalid');
  });
});

describe('in a file', () => {
  const root = rootOf({
    'a.b': { c: 1, d: 2 },
    a: { b: { c: 3 }, x: 4 },
    'only.dots': 5,
    hosts: ['one', { name: 'two' }],
    '.dockerconfigjson': 6,
    data: { '.dockerconfigjson': 7, '8080': 8 },
    'ext[0]': 9,
    'C:\\new': 10,
    'C:\new': 11,
    'D:\\new': 12,
  });
  const CASES: [string, string][] = [
    ['a.x', '["a","x"]'],
    ['a.b', 'path-ambiguous'],
    ['a.b.c', 'path-ambiguous'],
    ['a.b.d', '["a.b","d"]'],
    ['["a"]["b"]["c"]', '["a","b","c"]'],
    ['a["b"].c', '["a","b","c"]'],
    ['["a.b"].c', '["a.b","c"]'],
    ['only.dots', '["only.dots"]'],
    ['hosts.1.name', '["hosts",1,"name"]'],
    ['hosts[1]["name"]', '["hosts",1,"name"]'],
    ['data..dockerconfigjson', '["data",".dockerconfigjson"]'],
    ['.dockerconfigjson', '[".dockerconfigjson"]'],
    ['data.8080', '["data","8080"]'],
    ['data[8080]', '["data","8080"]'],
    ['ext[0]', '["ext[0]"]'],
    ['["C:\\new"]', 'path-ambiguous'],
    ['.["C:\\new"]', '["C:\\new"]'],
    ['["D:\\new"]', '["D:\\\\new"]'],
    ['nothing.here', 'undefined'],
    ['hosts[7]', 'undefined'],
  ];
  test.each(CASES)('%s is %s', (written, path) => {
    expect(codeOf(() => findPath(root, { written }))).toBe(path);
  });

  test.each([
    ['a.new', '["a","new"]'],
    ['a.b.new', 'path-ambiguous'],
    ['only.dots', '["only.dots"]'],
    ['other.new', '["other","new"]'],
    ['hosts[2]', '["hosts",2]'],
    ['hosts.2', '["hosts",2]'],
    ['data.tls.crt', '["data","tls","crt"]'],
  ])('a new value at %s is one at %s', (written, path) => {
    expect(codeOf(() => pathFor(root, { written }))).toBe(path);
  });
});
