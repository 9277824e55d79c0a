import { printPath } from '../core/tree/path.ts';
import type { EntryNode, Path, TreeNode } from '../core/tree/tree.ts';
import type { Value } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';

/**
 * A value as JavaScript has it. Objects have no prototype. Times are text, as sops spells them; strings that are no
 * UTF-8 are bytes.
 *
 * @example
 * const { values } = await decrypt(encrypted, { format: 'yaml', identities: identity, values: true });
 * const isMap = (data: Data): data is DataMap =>
 *   typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === null;
 * isMap(values) && values['password']; // 'hunter2'
 */
export type Data = null | boolean | number | bigint | string | Uint8Array | readonly Data[] | DataMap;

/**
 * An object without prototype: a key may have any name.
 *
 * @example
 * const { values } = await decrypt(encrypted, { ...keys, values: true });
 * const map = values as DataMap;
 * map['password']; // 'hunter2'
 */
export interface DataMap {
  readonly [key: string]: Data;
}

/** How values become data. */
export interface DataOptions {
  /** Whole numbers are bigints, all of them; a number can't hold each one of sops's, which have 64 bits. */
  readonly intAsBigInt?: boolean | undefined;
  /** `<<` merges another mapping, as YAML has it. */
  readonly hasMerges: boolean;
}

/**
 * A tree as data. Of keys that repeat the last one counts.
 *
 * @param path of the node, for errors
 * @throws SottoError `output-unsupported` for a whole number that a number can't hold
 */
export function dataOf(node: TreeNode, options: DataOptions, path: Path = []): Data {
  switch (node.kind) {
    case 'alias':
      return dataOf(node.target, options, path);
    case 'map': {
      const entries = node.items.filter((item) => item.kind === 'entry');
      return mapOf(entries, options, path);
    }
    case 'list':
      return node.items
        .filter((item) => item.kind !== 'comment')
        .map((item, index) => dataOf(item, options, [...path, index]));
    default:
      return scalarOf(node.value, options, path);
  }
}

function mapOf(entries: readonly EntryNode[], options: DataOptions, path: Path): DataMap {
  const map: { [key: string]: Data } = Object.create(null);
  for (const { key, value } of entries) {
    const data = dataOf(value, options, [...path, key]);
    const merged = options.hasMerges && key === '<<' ? mapsIn(data) : [];
    if (merged.length === 0) map[key] = data;
    // Own keys win, then those of the first mapping.
    for (const other of merged)
      for (const name of Object.keys(other).filter((name) => !has(entries, name) && !(name in map)))
        map[name] = other[name] ?? null;
  }
  return map;
}

function has(entries: readonly EntryNode[], name: string): boolean {
  return entries.some(({ key }) => key === name);
}

function mapsIn(data: Data): DataMap[] {
  const all = Array.isArray(data) ? data : [data];
  return all.every(isMap) ? all : [];
}

function isMap(data: Data): data is DataMap {
  return typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === null;
}

function scalarOf(value: Value, { intAsBigInt = false }: DataOptions, path: Path): Data {
  const { type, text, bytes } = value;
  switch (type) {
    case 'null':
      return null;
    case 'bool':
      return text === 'True';
    case 'int':
      return intAsBigInt ? BigInt(text) : exactNumber(text, path);
    case 'float':
      return Number(text.replace(/^\+?inf$/i, 'Infinity').replace(/^-inf$/i, '-Infinity'));
    default:
      return bytes === undefined ? text : new Uint8Array(bytes);
  }
}

function exactNumber(text: string, path: Path): number {
  const number = Number(text);
  if (String(number) === text) return number;
  throw new SottoError('output-unsupported', `the whole number at ${printPath(path)} does not fit a number`, {
    hint: 'intAsBigInt: true gives whole numbers as bigints',
  });
}
