import { parseBoolean } from '../tree/go-boolean.ts';
import { canonicalFloat, parseFloatText } from '../tree/number.ts';
import { LIST, type Part, partsOf, type Rows, VALUE } from '../tree/rows.ts';
import type { TreeNode } from '../tree/tree.ts';
import type { Value } from '../tree/value.ts';

/**
 * Metadata as plain data, for fields that only their own kind of key, or a newer version, understands.
 *
 * @example
 * const context: MetadataValue = { app: 'shop', stage: ['test', 'live'] };
 * typeof context; // 'object'
 */
export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };

/**
 * A mapping of the metadata.
 *
 * @example
 * const fields: MetadataMap = { recipient: 'age1…', enc: '-----BEGIN AGE ENCRYPTED FILE-----…' };
 * fields['recipient']; // 'age1…'
 */
export interface MetadataMap {
  readonly [key: string]: MetadataValue;
}

/**
 * The fields of a mapping in the metadata, read as leniently as sops reads them (mapstructure, `WeaklyTypedInput`):
 * names in any case, numbers and booleans for strings and the other way round, one item for a list of one, null for
 * nothing.
 */
export class Fields {
  readonly #map: MetadataMap;
  readonly #fail: (problem: string) => Error;

  /** @param fail makes the error for a field that does not fit */
  constructor(map: MetadataMap, fail: (problem: string) => Error) {
    this.#map = map;
    this.#fail = fail;
  }

  /** A field under its name, or the first that differs in case only. */
  get(name: string): MetadataValue | undefined {
    if (Object.hasOwn(this.#map, name)) return this.#map[name];
    const other = Object.keys(this.#map).find((key) => key.toLowerCase() === name);
    return other === undefined ? undefined : this.#map[other];
  }

  /** A text; empty if there is none. */
  text(name: string): string {
    const value = this.get(name) ?? '';
    if (typeof value === 'object') throw this.#fail(`${name} is no text`);
    if (typeof value === 'boolean') return value ? '1' : '0';
    return typeof value === 'number' ? canonicalFloat(value) : value;
  }

  truth(name: string): boolean {
    const value = this.get(name) ?? false;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') return value !== 0;
    if (value === '') return false;
    const truth = typeof value === 'string' ? parseBoolean(value) : undefined;
    if (truth !== undefined) return truth;
    throw this.#fail(`${name} is neither true nor false`);
  }

  whole(name: string): number {
    const value = this.get(name) ?? 0;
    if (typeof value === 'boolean') return value ? 1 : 0;
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return Math.trunc(number);
    throw this.#fail(`${name} is no number`);
  }

  /** The items of a list of mappings. */
  maps(name: string): MetadataMap[] {
    const value = this.get(name) ?? [];
    if (isMap(value) && Object.keys(value).length === 0) return [];
    return (isList(value) ? value : [value]).map((item) => {
      if (item === null) return {};
      if (isMap(item)) return item;
      throw this.#fail(`an item of ${name} is no mapping`);
    });
  }
}

/** Whether metadata is a list. */
export function isList(value: MetadataValue | undefined): value is readonly MetadataValue[] {
  return Array.isArray(value);
}

/** Whether metadata is a mapping. */
export function isMap(value: MetadataValue | undefined): value is MetadataMap {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** A node of a tree as plain data; comments are left out. */
export function toData(node: TreeNode): MetadataValue {
  switch (node.kind) {
    case 'alias':
      return toData(node.target);
    case 'list':
      return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [toData(item)]));
    case 'map':
      return Object.fromEntries(partsOf(node).flatMap(fieldsOf));
    default:
      return valueData(node.value);
  }
}

type Field = readonly [name: string, value: MetadataValue];

function fieldsOf(part: Part): readonly Field[] {
  if (part.kind === 'run') return fieldsBelow(part.rows, part.row);
  return part.kind === 'entry' ? [[part.key, toData(part.value)]] : [];
}

/** No nodes are made for what nobody but this asks for. */
function fieldsBelow(rows: Rows, row: number): Field[] {
  return withoutComments(rows, row).map((at) => [rows.key(at), rowData(rows, at)]);
}

function rowData(rows: Rows, row: number): MetadataValue {
  const kind = rows.kind[row];
  if (kind === VALUE) return valueData(rows.value(row));
  if (kind === LIST) return withoutComments(rows, row).map((at) => rowData(rows, at));
  return Object.fromEntries(fieldsBelow(rows, row));
}

function withoutComments(rows: Rows, row: number): number[] {
  return rows.below(row).filter((at) => !rows.isComment(at));
}

function valueData({ type, text }: Value): MetadataValue {
  switch (type) {
    case 'null':
      return null;
    case 'bool':
      return text === 'True';
    case 'int':
    case 'float': {
      // What a JavaScript number can't hold stays the text that it is written as.
      const value = parseFloatText(text) ?? Number.NaN;
      return Number.isFinite(value) && canonicalFloat(value) === text ? value : text;
    }
    default:
      return text;
  }
}
