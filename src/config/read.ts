import { withoutMark } from '../core/byte-order-mark.ts';
import { type MapNode, pieces, type TreeNode } from '../core/tree.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import { position } from '../formats/yaml/error.ts';
import { yaml } from '../formats/yaml/index.ts';
import type { Config, RawRule } from './config.ts';
import { checkConfig } from './schema.ts';

/** Data of a configuration, and where each part of it stands. */
export type ConfigData =
  | string
  | number
  | boolean
  | null
  | readonly ConfigData[]
  | { readonly [key: string]: ConfigData };

/**
 * Read a configuration file.
 *
 * @param path for messages
 * @throws SottoError `config-invalid` with line and column
 */
export function readConfig(text: string, path: string): Config {
  const root = rootOf(text, path);
  const warnings: Warning[] = checkConfig(root, text, path);
  const data = root === undefined ? {} : toData(root);
  const fields = isMap(data) ? data : {};
  const rules = fields['creation_rules'];
  return {
    path,
    rules: Array.isArray(rules) ? rules.filter((rule): rule is RawRule => isMap(rule)) : undefined,
    indent: indentOf(fields['stores']),
    warnings,
    lineOf: (recipient) => (root === undefined ? undefined : lineOf(root, recipient, text)),
  };
}

/** The line of the first text that is, or has between commas, a recipient. */
function lineOf(node: TreeNode, recipient: string, source: string): number | undefined {
  switch (node.kind) {
    case 'alias':
      return undefined;
    case 'value': {
      const names = node.value.text.split(',').map((name) => name.trim());
      if (!names.includes(recipient)) return undefined;
      const spans = pieces(node.place);
      const [start, end] = [spans[0]?.start ?? 0, spans.at(-1)?.end ?? 0];
      return position(source, start + offsetOf(recipient, source.slice(start, end))).line;
    }
    default:
      for (const item of node.items) {
        if (item.kind === 'comment') continue;
        const line = lineOf(item.kind === 'entry' ? item.value : item, recipient, source);
        if (line !== undefined) return line;
      }
      return undefined;
  }
}

function rootOf(text: string, path: string): MapNode | undefined {
  if (text.split('\n').every((line) => /^\s*(?:#|$)/.test(line))) return undefined;
  try {
    return yaml.read(withoutMark(text, yaml)).roots[0];
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    throw new SottoError(
      'config-invalid',
      `error loading config: Could not unmarshal config file: ${error.message}`,
      {
        ...error.details,
        file: path,
      },
    );
  }
}

/** Where a name stands in a text, and not inside another name; 0 where it is spelled otherwise. */
function offsetOf(name: string, text: string): number {
  const isEdge = (char: string): boolean => /^[\s,'"[\]]?$/.test(char);
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (isEdge(text.charAt(at - 1)) && isEdge(text.charAt(at + name.length))) return at;
  }
  return 0;
}
/** Names of sops's stores that are no names of formats. */
const STORES: ReadonlyMap<string, string> = new Map([['json_binary', 'binary']]);

function indentOf(stores: ConfigData | undefined): { [format: string]: number } {
  const indent: { [format: string]: number } = {};
  if (!isMap(stores)) return indent;
  for (const [format, settings] of Object.entries(stores)) {
    const value = isMap(settings) ? settings['indent'] : undefined;
    if (typeof value === 'number') indent[STORES.get(format) ?? format] = value;
  }
  return indent;
}

/** Plain data of a tree, with merge keys merged: what stands in a mapping itself wins. */
function toData(node: TreeNode): ConfigData {
  switch (node.kind) {
    case 'alias':
      return toData(node.target);
    case 'list':
      return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [toData(item)]));
    case 'map': {
      const own: { [key: string]: ConfigData } = {};
      let merged: { [key: string]: ConfigData } = {};
      for (const item of node.items) {
        if (item.kind !== 'entry') continue;
        const value = toData(item.value);
        if (item.key !== '<<') own[item.key] = value;
        else
          for (const source of Array.isArray(value) ? value : [value])
            if (isMap(source)) merged = { ...source, ...merged };
      }
      return { ...merged, ...own };
    }
    default:
      return scalarData(node.value.type, node.value.text);
  }
}

function scalarData(type: string, text: string): ConfigData {
  if (type === 'null') return null;
  if (type === 'bool') return text === 'True';
  return type === 'int' || type === 'float' ? Number(text) : text;
}

function isMap(value: unknown): value is { readonly [key: string]: ConfigData } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
