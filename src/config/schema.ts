import { createRequire } from 'node:module';
import type { EntryNode, MapNode, TreeNode } from '../core/tree.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import { position } from '../formats/yaml/error.ts';
import { nearest } from './nearest.ts';

/** The part of JSON Schema that our schemas use. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: { readonly [key: string]: Schema };
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $defs?: { readonly [name: string]: Schema };
}

const PROBLEM = 'error loading config: Could not unmarshal config file';

/**
 * Check a configuration against `schemas/sops-config.schema.json`. sops ignores keys that it does not know, so these
 * are warnings.
 *
 * @throws SottoError `config-invalid` with line and column, for a value of a wrong type
 */
export function checkConfig(root: MapNode | undefined, text: string, path: string): Warning[] {
  if (root === undefined) return [];
  const schema: Schema = createRequire(import.meta.url)('../../schemas/sops-config.schema.json');
  const checker = new Checker(schema, text, path);
  checker.check(root, schema, '');
  return checker.warnings;
}

class Checker {
  readonly #root: Schema;
  readonly #text: string;
  readonly #path: string;
  readonly warnings: Warning[] = [];

  constructor(root: Schema, text: string, path: string) {
    this.#root = root;
    this.#text = text;
    this.#path = path;
  }

  check(given: TreeNode, schema: Schema, name: string): void {
    const node = behindAliases(given);
    const rule = this.#resolve(schema);
    const choice = rule.anyOf?.map((one) => this.#resolve(one)).find((one) => fits(node, one)) ?? rule;
    if (!fits(node, choice)) throw this.#wrongType(node, rule, name);
    if (node.kind === 'map') {
      for (const item of node.items) if (item.kind === 'entry') this.#checkEntry(item, choice, name);
    }
    if (node.kind === 'list' && choice.items !== undefined) {
      for (const item of node.items) if (item.kind !== 'comment') this.check(item, choice.items, name);
    }
  }

  #checkEntry(entry: EntryNode, schema: Schema, name: string): void {
    const { key, value, keySpan } = entry;
    if (schema.properties === undefined) return;
    if (key === '<<') return;
    const property = schema.properties[key];
    if (property !== undefined) {
      this.check(value, property, key);
      return;
    }
    // Anything may stand at the top, to be used by anchors.
    if (name === '' && behindAliases(value).kind !== 'value') return;
    const near = nearest(key, Object.keys(schema.properties));
    this.warnings.push({
      message: `unknown key ${JSON.stringify(key)}, which sops ignores`,
      ...(near === undefined ? {} : { hint: `did you mean ${JSON.stringify(near)}?` }),
      file: this.#path,
      line: position(this.#text, keySpan.start).line,
    });
  }

  #resolve(schema: Schema): Schema {
    const name = schema.$ref?.replace('#/$defs/', '');
    return name === undefined ? schema : (this.#root.$defs?.[name] ?? {});
  }

  #wrongType(node: TreeNode, schema: Schema, name: string): SottoError {
    const wanted = (schema.anyOf ?? [schema])
      .flatMap((one) => typesOf(this.#resolve(one)))
      .filter((type) => type !== 'null');
    return new SottoError(
      'config-invalid',
      `${PROBLEM}: ${name || 'the file'} must be ${wanted.join(' or ')}, not ${typeOf(node)}`,
      {
        file: this.#path,
        ...position(this.#text, node.place.start),
      },
    );
  }
}

function fits(node: TreeNode, schema: Schema): boolean {
  const types = typesOf(schema);
  const type = typeOf(node);
  return types.length === 0 || types.includes(type) || (type === 'integer' && types.includes('number'));
}

function typesOf({ type }: Schema): readonly string[] {
  if (type === undefined) return [];
  return typeof type === 'string' ? [type] : type;
}

function typeOf(node: TreeNode): string {
  switch (node.kind) {
    case 'map':
      return 'object';
    case 'list':
      return 'array';
    case 'alias':
      return typeOf(node.target);
    default:
      return {
        str: 'string',
        int: 'integer',
        float: 'number',
        bool: 'boolean',
        time: 'string',
        null: 'null',
      }[node.value.type];
  }
}

function behindAliases(node: TreeNode): TreeNode {
  let target = node;
  while (target.kind === 'alias') target = target.target;
  return target;
}
