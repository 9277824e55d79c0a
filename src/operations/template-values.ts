import { Drop } from 'liquidjs';
import { plainText } from '../core/tree/plain-text.ts';
import type { MapNode, TreeNode } from '../core/tree/tree.ts';
import type { Value } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';

/** What a template knows: mappings without a prototype, lists, values of JavaScript, and {@link TemplateValue}s. */
export interface TemplateValues {
  [key: string]: unknown;
}

/** A value that JavaScript has none for, or that it would spell otherwise: null, `2.0`, times, whole numbers beyond 2^53. */
export class TemplateValue extends Drop {
  readonly #value: Value;

  constructor(value: Value) {
    super();
    this.#value = value;
  }

  static valueIn(leaf: TemplateValue): Value {
    return leaf.#value;
  }

  /** What tags and filters work with. @throws SottoError `output-unsupported` for bytes that are no text */
  override valueOf(): string | null {
    return this.#value.type === 'null' ? null : textOf(this.#value);
  }
}

/** Liquid takes what an object inherits for a key of its {@link TemplateValue}; a value has none. */
for (const name of Object.getOwnPropertyNames(Object.prototype))
  if (name !== 'valueOf') Object.defineProperty(TemplateValue.prototype, name, { value: undefined });

/** The values of files' first documents. Of the same path the last one counts; mappings are put together. */
export function valuesFor(roots: readonly MapNode[]): TemplateValues {
  return roots.map(mappingOf).reduce(merge, mappingOf({ items: [] }));
}

function merge(before: TemplateValues, after: TemplateValues): TemplateValues {
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    put(before, key, isMapping(old) && isMapping(value) ? merge(old, value) : value);
  }
  return before;
}

/** Whether a value has keys of its own. */
export function isMapping(value: unknown): value is TemplateValues {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

function mappingOf({ items }: Pick<MapNode, 'items'>): TemplateValues {
  const mapping: TemplateValues = Object.create(null);
  // Liquid counts the keys of what has no such key; here it is one that is not there.
  Object.defineProperty(mapping, 'size', { value: undefined, configurable: true });
  for (const item of items) if (item.kind === 'entry') put(mapping, item.key, toTemplate(item.value));
  return mapping;
}

function put(mapping: TemplateValues, key: string, value: unknown): void {
  // A new key comes last.
  if (!Object.prototype.propertyIsEnumerable.call(mapping, key)) Reflect.deleteProperty(mapping, key);
  Object.defineProperty(mapping, key, { value, enumerable: true, configurable: true });
}

function toTemplate(node: TreeNode): unknown {
  switch (node.kind) {
    case 'alias':
      return toTemplate(node.target);
    case 'map':
      return mappingOf(node);
    case 'list':
      return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [toTemplate(item)]));
    default:
      return scalarOf(node.value);
  }
}

function scalarOf(value: Value): unknown {
  const { type, text, bytes } = value;
  if (type === 'str' && bytes === undefined) return text;
  if (type === 'bool') return text === 'True';
  const number = Number(text);
  const isNumber = type === 'int' || type === 'float';
  return isNumber && String(number) === plainText(value) ? number : new TemplateValue(value);
}

/**
 * A value as it stands in the result: as sops spells it where only strings can stand.
 *
 * @throws SottoError `output-unsupported` for a mapping or list, and for bytes that are no text
 */
export function spell(value: unknown): string {
  if (value instanceof TemplateValue) return textOf(TemplateValue.valueIn(value));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  const what = Array.isArray(value) ? 'a list' : isMapping(value) ? 'a mapping' : 'nothing';
  throw new SottoError('output-unsupported', `this is ${what}, not a value`, {
    hint: 'name one value of it, or print all of it with a filter: {{ path | json }}, {{ list | join: "," }}',
  });
}

function textOf(value: Value): string {
  if (value.bytes === undefined) return plainText(value);
  throw new SottoError('output-unsupported', 'the value is no text', {
    hint: 'print it in base64, with {{ path | base64_encode }}, or decrypt it to a file of its own',
  });
}

/** The references to all that a template knows. */
export function referencesTo(values: TemplateValues): string[] {
  const references: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (path !== '') references.push(path);
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`);
    else if (isMapping(value))
      for (const [key, item] of Object.entries(value)) walk(item, `${path}${stepTo(key, path === '')}`);
  };
  walk(values, '');
  return references;
}

/** Words of Liquid; as keys at the top they stand in brackets. */
const WORDS = /^(?:true|false|nil|null|empty|blank|and|or|not|contains)$/;

function stepTo(key: string, isFirst: boolean): string {
  if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key) || (isFirst && WORDS.test(key)))
    return `[${JSON.stringify(key)}]`;
  return isFirst ? key : `.${key}`;
}
