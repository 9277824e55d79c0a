import { describe, expect, test } from 'vitest';
import { withoutMark } from '../../src/core/splice/byte-order-mark.ts';
import { applyEdits } from '../../src/core/splice/edit.ts';
import type { Document } from '../../src/core/splice/format.ts';
import type { MapNode, TreeNode } from '../../src/core/tree/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { dotenv, standard } from '../../src/formats/dotenv/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { jsonc } from '../../src/formats/json/jsonc.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { parseValue } from '../../src/operations/set.ts';
import { jsonText, yamlText } from '../support/documents.ts';
import { distinctDotenvText, distinctStandardText } from '../support/dotenv-documents.ts';
import { jsoncText } from '../support/jsonc-documents.ts';
import fc from '../support/laws.ts';
import { tomlText } from '../support/toml-document.ts';

type Data = string | Data[] | { [key: string]: Data };

function dataOf(node: TreeNode): Data {
  if (node.kind === 'alias') return dataOf(node.target);
  if (node.kind === 'value') {
    const { type, text, bytes } = node.value;
    return `${type} ${bytes === undefined ? text : Buffer.from(bytes).toString('hex')}`;
  }
  if (node.kind === 'list')
    return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [dataOf(item)]));
  return Object.fromEntries(
    node.items.flatMap((item) => (item.kind === 'entry' ? [[item.key, dataOf(item.value)]] : [])),
  );
}

/** Paths to all mappings and lists. */
function containers(node: TreeNode, path: (string | number)[] = []): (string | number)[][] {
  if (node.kind === 'list')
    return [
      path,
      ...node.items
        .filter((item) => item.kind !== 'comment')
        .flatMap((item, i) => containers(item as TreeNode, [...path, i])),
    ];
  if (node.kind !== 'map') return [];
  return [
    path,
    ...node.items.flatMap((item) =>
      item.kind === 'entry' ? containers(item.value, [...path, item.key]) : [],
    ),
  ];
}

function at(data: Data, path: readonly (string | number)[]): Data {
  return path.reduce<Data>((value, key) => (value as Record<string | number, Data>)[key] as Data, data);
}

fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

const VALUE = fc.jsonValue({ maxDepth: 2 });
const NO_NULL = fc.jsonValue({ maxDepth: 2 }).map(withoutNull);
/** Texts without what dotenv can't say. */
const TEXT = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\\n'));

describe.each([
  ['yaml', yamlText, VALUE, yaml],
  ['json', jsonText, VALUE, json],
  ['jsonc', jsoncText, VALUE, jsonc],
  ['dotenv', distinctDotenvText, TEXT, dotenv],
  ['dotenv, standard', distinctStandardText, fc.string({ unit: 'grapheme' }), standard],
  ['toml', tomlText, NO_NULL, toml],
] as const)('change %s', (_, texts, values, format) => {
  function read(text: string): { text: string; root: MapNode; document: Document } | undefined {
    try {
      const bare = withoutMark(text, format);
      const document = format.read(bare);
      const [root] = document.roots;
      return root === undefined ? undefined : { text: bare, root, document };
    } catch (error) {
      if (error instanceof SottoError) return undefined;
      throw error;
    }
  }

  test('setting a value gives the changed tree and moves nothing else', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(texts, fc.oneof(values), fc.nat(), fc.boolean(), (text, value, pick, isNew) => {
        const before = read(text);
        fc.pre(before !== undefined);
        const paths = containers(before.root);
        const parent = paths[pick % paths.length] ?? [];
        const data = dataOf(before.root);
        const here = at(data, parent);
        const names = Array.isArray(here) ? here.map((_, i) => i) : Object.keys(here);
        const fresh = Array.isArray(here) ? here.length : 'brandNew';
        const key = isNew ? fresh : (names[pick % Math.max(names.length, 1)] ?? fresh);
        const node = parseValue(JSON.stringify(value), json);
        const edits = format.change(before.document, {
          op: 'set',
          document: 0,
          path: [...parent, key],
          node,
        });
        expectOrdered(edits);
        const after = read(applyEdits(before.text, edits));
        const expected = structuredClone(data);
        (at(expected, parent) as Record<string | number, Data>)[key] = dataOf(node);
        expect(after === undefined ? undefined : dataOf(after.root)).toEqual(expected);
        expect(after?.document.roots.slice(1).map(dataOf)).toEqual(
          before.document.roots.slice(1).map(dataOf),
        );
      }),
      { numRuns: Number(process.env['SOTTO_RUNS'] ?? 400) },
    );
  });

  test('removing a value gives the changed tree', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (text, pick, which) => {
        const before = read(text);
        fc.pre(before !== undefined);
        const data = dataOf(before.root);
        const paths = containers(before.root).filter((path) => Object.keys(at(data, path)).length > 0);
        const parent = paths[pick % Math.max(paths.length, 1)];
        fc.pre(parent !== undefined);
        const here = at(data, parent);
        const names = Array.isArray(here) ? here.map((_, i) => i) : Object.keys(here);
        const key = names[which % names.length] ?? 0;
        const edits = format.change(before.document, { op: 'remove', document: 0, path: [...parent, key] });
        expectOrdered(edits);
        const after = read(applyEdits(before.text, edits));
        const expected = structuredClone(data);
        const target = at(expected, parent);
        if (Array.isArray(target)) target.splice(Number(key), 1);
        else delete (target as Record<string, Data>)[String(key)];
        expect(after === undefined ? undefined : dataOf(after.root)).toEqual(expected);
      }),
      { numRuns: Number(process.env['SOTTO_RUNS'] ?? 400) },
    );
  });
});

function withoutNull(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner) => inner ?? 'none');
}

function expectOrdered(edits: readonly { start: number; end: number }[]): void {
  for (const [i, edit] of edits.entries()) {
    expect(edit.end).toBeGreaterThanOrEqual(edit.start);
    expect(edit.start).toBeGreaterThanOrEqual(edits[i - 1]?.end ?? 0);
  }
}
