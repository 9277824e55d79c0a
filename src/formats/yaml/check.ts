import { YamlError } from './error.ts';
import type { YamlNode } from './yaml-node.ts';

/**
 * sops decodes the first document into a Go map before anything else, and what fails there is refused: keys that
 * repeat, values that don't fit their tags, merges of something that is no mapping, aliases without measure
 * (go-yaml `decode.go`; sops `stores/yaml/store.go`).
 *
 * @param hasAliases whether the text has any; without them there is nothing to count
 * @throws YamlError
 */
export function checkDocument(document: YamlNode, hasAliases: boolean): void {
  const [root] = document.content;
  if (root !== undefined) new Decoder(hasAliases).decode(root);
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
  readonly #hasAliases: boolean;
  readonly #open = new Set<YamlNode>();
  #count = 0;
  #aliasCount = 0;
  #aliasDepth = 0;

  constructor(hasAliases: boolean) {
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
    refuseDuplicates(node);
    let merge: YamlNode | undefined;
    for (let i = 0; i + 1 < node.content.length; i += 2) {
      const key = node.content[i];
      const value = node.content[i + 1];
      if (key === undefined || value === undefined) continue;
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
    if (this.#hasAliases) for (let i = 0; i < parent.content.length; i += 2) this.#count += 1;
    const values = value.kind === 'seq' ? value.content : [value];
    for (const one of values) {
      if (behindAlias(one).kind !== 'map') {
        throw new YamlError(one.start, 'map merge requires map or sequence of maps as the value');
      }
      this.decode(one);
    }
  }
}

/** To go-yaml two keys are the same when they are written as the same text, whatever their types. */
function refuseDuplicates({ content }: YamlNode): void {
  const scalars = new Set<string>();
  const others = new Set<string>();
  for (let i = 0; i < content.length; i += 2) {
    const key = content[i];
    if (key === undefined) continue;
    const isScalar = key.kind === 'scalar';
    const seen = isScalar ? scalars : others;
    const name = isScalar ? key.value : `${key.kind} ${key.value}`;
    const before = seen.size;
    if (seen.add(name).size === before)
      throw new YamlError(key.start, `mapping key ${JSON.stringify(key.value)} already defined`);
  }
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
