import { MAP } from '../../../core/tree/rows.ts';
import { YamlError } from '../error.ts';
import { KeySet } from './key-set.ts';
import type { YamlNode } from './yaml-node.ts';
import type { YamlRows } from './yaml-rows.ts';

/**
 * sops decodes the first document into a Go map before anything else, and what fails there is refused: keys that
 * repeat, values that don't fit their tags, merges of something that is no mapping, aliases without measure
 * (go-yaml `decode.go`; sops `stores/yaml/store.go`).
 *
 * @param rows that its runs are in
 * @param hasAliases whether the text has any; without them there is nothing to count
 * @throws YamlError
 */
export function checkDocument(document: YamlNode, rows: YamlRows, hasAliases: boolean): void {
  const [root] = document.content;
  if (root !== undefined) new Decoder(rows, hasAliases).decode(root);
}

const ALIAS_RANGE_LOW = 400_000;
const ALIAS_RANGE_HIGH = 4_000_000;

/** Share of nodes that may come from aliases (go-yaml `allowedAliasRatio`). */
function allowedAliasRatio(count: number): number {
  if (count <= ALIAS_RANGE_LOW) return 0.99;
  if (count >= ALIAS_RANGE_HIGH) return 0.1;
  return 0.99 - 0.89 * ((count - ALIAS_RANGE_LOW) / (ALIAS_RANGE_HIGH - ALIAS_RANGE_LOW));
}

class Decoder {
  readonly #rows: YamlRows;
  readonly #hasAliases: boolean;
  readonly #open = new Set<YamlNode>();
  #count = 0;
  #aliasCount = 0;
  #aliasDepth = 0;

  constructor(rows: YamlRows, hasAliases: boolean) {
    this.#rows = rows;
    this.#hasAliases = hasAliases;
  }

  decode(node: YamlNode): void {
    this.#count += 1;
    if (this.#aliasDepth > 0) this.#aliasCount += 1;
    if (
      this.#aliasCount > 100 &&
      this.#count > 1000 &&
      this.#aliasCount / this.#count > allowedAliasRatio(this.#count)
    ) {
      throw new YamlError(node.start, 'document contains excessive aliasing');
    }
    switch (node.kind) {
      case 'alias':
        return this.#alias(node);
      case 'map':
        return this.#mapping(node);
      case 'run':
        return this.#run(node.row);
      case 'seq':
        for (const item of node.content) this.decode(item);
        return;
      default:
        if (node.resolved === undefined) {
          throw new YamlError(node.start, `the value does not fit its tag ${node.tag}`);
        }
    }
  }

  #alias(node: YamlNode): void {
    if (node.alias === undefined) return;
    if (this.#open.has(node)) throw new YamlError(node.start, `anchor '${node.value}' value contains itself`);
    this.#open.add(node);
    this.#aliasDepth += 1;
    this.decode(node.alias);
    this.#aliasDepth -= 1;
    this.#open.delete(node);
  }

  #mapping(node: YamlNode): void {
    this.#refuseDuplicates(node);
    let merge: YamlNode | undefined;
    for (let i = 0; i + 1 < node.content.length; i += 2) {
      const key = node.content[i];
      const value = node.content[i + 1];
      if (key === undefined || value === undefined) continue;
      if (key.kind === 'run') {
        this.decode(key);
        continue;
      }
      if (isMerge(key)) {
        merge = value;
        continue;
      }
      this.decode(key);
      if (behindAliases(key).kind !== 'scalar') throw new YamlError(key.start, 'invalid map key');
      this.decode(value);
    }
    if (merge !== undefined) this.#merge(node, merge);
  }

  #merge(parent: YamlNode, value: YamlNode): void {
    if (this.#hasAliases) this.#count += this.#keys(parent);
    const values = value.kind === 'seq' ? value.content : [value];
    for (const one of values) {
      if (behindAlias(one).kind !== 'map') {
        throw new YamlError(one.start, 'map merge requires map or sequence of maps as the value');
      }
      this.decode(one);
    }
  }

  /** Number of keys of a mapping. */
  #keys({ content }: YamlNode): number {
    let count = 0;
    for (let i = 0; i < content.length; i += 2) {
      const row = content[i]?.row ?? -1;
      count += row < 0 ? 1 : this.#rows.entries(row).filter(({ kind }) => kind === 'entry').length;
    }
    return count;
  }

  /** Plain entries fit, but keys can repeat in the mappings among them. */
  #run(run: number): void {
    const { behind, kind } = this.#rows;
    const end = behind[run] ?? 0;
    // The run itself was counted as one of its nodes.
    this.#count -= 1;
    for (let row = run + 1; row < end; row += 1) {
      if (this.#rows.isEntry(row)) this.#count += 2;
      else if (!this.#rows.isComment(row)) this.#count += 1;
      if (kind[row] === MAP) this.#addKeys(new KeySet(), row);
    }
  }

  /** To go-yaml two keys are the same when they are written as the same text, whatever their types. */
  #refuseDuplicates({ content }: YamlNode): void {
    const scalars = new KeySet();
    const others = new KeySet();
    for (let i = 0; i < content.length; i += 2) {
      const key = content[i];
      if (key === undefined) continue;
      if (key.kind === 'run') {
        this.#addKeys(scalars, key.row);
        continue;
      }
      const name = key.kind === 'scalar' ? key.value : `${key.kind} ${key.value}`;
      const keys = key.kind === 'scalar' ? scalars : others;
      if (!keys.add(name, 0, name.length)) throw repeated(key.value, key.start);
    }
  }

  #addKeys(keys: KeySet, row: number): void {
    const { text, keyStart, keyEnd, behind } = this.#rows;
    const end = behind[row] ?? 0;
    for (let one = row + 1; one < end; one = behind[one] ?? end) {
      if (!this.#rows.isEntry(one)) continue;
      const start = keyStart[one] ?? 0;
      if (!keys.add(text, start, keyEnd[one] ?? 0)) throw repeated(this.#rows.key(one), start);
    }
  }
}

function repeated(key: string, start: number): YamlError {
  return new YamlError(start, `mapping key ${JSON.stringify(key)} already defined`);
}

function isMerge(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.value === '<<' && key.tag === '!!merge';
}

function behindAlias(node: YamlNode): YamlNode {
  return node.kind === 'alias' ? (node.alias ?? node) : node;
}

function behindAliases(node: YamlNode): YamlNode {
  let target = node;
  while (target.kind === 'alias' && target.alias !== undefined) target = target.alias;
  return target;
}
