import { behindAliases, type CommentNode, type EntryNode, pieces, type TreeNode } from '../core/tree/tree.ts';
import { type ErrorCode, type ErrorDetails, SottoError } from '../errors.ts';
import { Positions } from '../formats/yaml/error.ts';

/** A configuration file: its text, and its path for messages. */
export interface ConfigSource {
  readonly path: string;
  readonly text: string;
  /** The names of values that have an anchor. */
  readonly anchors?: ReadonlyMap<TreeNode, string>;
}

/** The types of JSON Schema. */
export type ConfigType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/** Words that go-yaml takes for booleans where it expects one. */
const YES = /^(?:y|Y|yes|Yes|YES|on|On|ON)$/;
const NO = /^(?:n|N|no|No|NO|off|Off|OFF)$/;

/** What may stand between a value and the comment behind it, and the comment. */
const COMMENT = /[\]}, \t]*[ \t]#+([^\r\n]*)/y;

/** Lines are asked for again and again: a configuration may come from anybody, and be long. */
const POSITIONS = new WeakMap<ConfigSource, Positions>();

function positionsIn(source: ConfigSource): Positions {
  const known = POSITIONS.get(source) ?? new Positions(source.text);
  POSITIONS.set(source, known);
  return known;
}

/** A value in a configuration file, which knows where it stands. Aliases and merge keys are worked out. */
export class ConfigValue {
  readonly #source: ConfigSource;
  readonly #node: Exclude<TreeNode, { kind: 'alias' }>;
  /** Found when they are first asked for. */
  #entries: ReadonlyMap<string, ConfigEntry> | undefined;

  constructor(node: TreeNode, source: ConfigSource) {
    this.#source = source;
    this.#node = behindAliases(node);
  }

  get type(): ConfigType {
    const node = this.#node;
    if (node.kind === 'map') return 'object';
    if (node.kind === 'list') return 'array';
    const types = {
      str: 'string',
      int: 'integer',
      float: 'number',
      bool: 'boolean',
      time: 'string',
      null: 'null',
    } as const;
    return types[node.value.type];
  }

  /** Entries of a mapping: its own, and those that it merges; its own win, then the first merged. */
  entries(): ConfigEntry[] {
    return [...this.#byKey().values()];
  }

  /** A mapping's value; `undefined` also for null. */
  get(key: string): ConfigValue | undefined {
    const value = this.#byKey().get(key)?.value;
    return value?.type === 'null' ? undefined : value;
  }

  #byKey(): ReadonlyMap<string, ConfigEntry> {
    this.#entries ??= this.#findEntries();
    return this.#entries;
  }

  #findEntries(): ReadonlyMap<string, ConfigEntry> {
    const found = new Map<string, ConfigEntry>();
    if (this.#node.kind !== 'map') return found;
    const entries = this.#node.items.filter((item): item is EntryNode => item.kind === 'entry');
    const own = entries.filter(({ key }) => key !== '<<').map((entry) => this.#entry(entry));
    const merged = entries
      .filter(({ key }) => key === '<<')
      .map(({ value }) => new ConfigValue(value, this.#source))
      .flatMap((value) => (value.type === 'array' ? value.items() : [value]))
      .flatMap((value) => value.entries());
    for (const entry of [...own, ...merged]) if (!found.has(entry.key)) found.set(entry.key, entry);
    return found;
  }

  /** Items of a list. */
  items(): ConfigValue[] {
    if (this.#node.kind !== 'list') return [];
    return this.#node.items.flatMap((item) =>
      item.kind === 'comment' ? [] : [new ConfigValue(item, this.#source)],
    );
  }

  /** A scalar as go-yaml reads it where a string is expected: as it is written; empty for null and collections. */
  get text(): string {
    const node = this.#node;
    if (node.kind !== 'value' || node.value.type === 'null') return '';
    if (node.value.type === 'str') return node.value.text;
    return this.#source.text.slice(node.place.start, node.place.end);
  }

  /** A whole number; `undefined` if it is something else. */
  get number(): number | undefined {
    return this.#node.kind === 'value' && this.#node.value.type === 'int'
      ? Number(this.#node.value.text)
      : undefined;
  }

  /** `undefined` for what go-yaml does not take for a boolean. */
  get boolean(): boolean | undefined {
    const node = this.#node;
    if (node.kind !== 'value') return undefined;
    if (node.value.type === 'bool') return node.value.text === 'True';
    if (node.value.type !== 'str') return undefined;
    if (YES.test(node.value.text)) return true;
    return NO.test(node.value.text) ? false : undefined;
  }

  /** The name of its anchor. */
  get anchor(): string | undefined {
    return this.#source.anchors?.get(this.#node);
  }

  /** The comment behind it on its line, without the `#`; `undefined` where it stands behind something else, too. */
  get comment(): string | undefined {
    const { text } = this.#source;
    const { start } = this.#node.place;
    const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    if (before.includes(',')) return undefined;
    COMMENT.lastIndex = pieces(this.#node.place).at(-1)?.end ?? 0;
    return COMMENT.exec(text)?.[1];
  }

  /** What stands in it: not what aliases put there. */
  own(): ConfigValue[] {
    const node = this.#node;
    if (node.kind === 'value') return [];
    const values: readonly (TreeNode | EntryNode | CommentNode)[] = node.items;
    return values
      .map((item) => (item.kind === 'entry' ? item.value : item))
      .flatMap((item) =>
        item.kind === 'comment' || item.kind === 'alias' ? [] : [new ConfigValue(item, this.#source)],
      );
  }

  /** Where it stands: file, line and column. */
  get place(): { readonly file: string; readonly line: number; readonly column: number } {
    return { file: this.#source.path, ...positionsIn(this.#source).at(this.#node.place.start) };
  }

  /** Where a word of a text stands, which can be on a later line of it; the place of the text if the word is not there. */
  placeOf(word: string): ConfigValue['place'] {
    const { text, path } = this.#source;
    const spans = pieces(this.#node.place);
    const [start, end] = [spans[0]?.start ?? 0, spans.at(-1)?.end ?? 0];
    const isEdge = (character: string): boolean => /^[\s,'"[\]]?$/.test(character);
    for (let at = text.indexOf(word, start); at !== -1 && at < end; at = text.indexOf(word, at + 1)) {
      const isWhole = isEdge(text.charAt(at - 1)) && isEdge(text.charAt(at + word.length));
      if (isWhole && at > start) return { file: path, ...positionsIn(this.#source).at(at) };
    }
    return this.place;
  }

  /** An error about this value. */
  problem(
    code: ErrorCode,
    message: string,
    details: Pick<ErrorDetails, 'hint' | 'inSops' | 'hasParagraphs' | 'cause'> = {},
  ): SottoError {
    return new SottoError(code, message, { ...details, ...this.place });
  }

  #entry({ key, keySpan, value }: EntryNode): ConfigEntry {
    const source = this.#source;
    return {
      key,
      get line() {
        return positionsIn(source).at(keySpan.start).line;
      },
      value: new ConfigValue(value, source),
    };
  }
}

/** An entry of a mapping. */
export interface ConfigEntry {
  readonly key: string;
  /** The key's line, from 1: counted when it is asked for, since that goes over the text. */
  readonly line: number;
  readonly value: ConfigValue;
}
