import { YamlError } from '../error.ts';
import type { YamlToken } from './token.ts';

const DEFAULT_TAGS: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

/** What the handles of a document's tags stand for (YAML 1.2, 6.8.2). */
export class TagHandles {
  readonly #prefixes = new Map<string, string>();

  /** Forget those of the last document. */
  clear(): void {
    this.#prefixes.clear();
  }

  /** @param directive `%TAG` */
  declare({ value: handle, suffix: prefix, start }: YamlToken): void {
    if (this.#prefixes.has(handle)) throw new YamlError(start.offset, 'found duplicate %TAG directive');
    this.#prefixes.set(handle, prefix);
  }

  /** The handles that a document has without declaring them. */
  declareDefaults(): void {
    for (const [handle, prefix] of DEFAULT_TAGS)
      if (!this.#prefixes.has(handle)) this.#prefixes.set(handle, prefix);
  }

  /** A tag in its long form. */
  resolve({ value: handle, suffix, start }: YamlToken): string {
    if (handle === '') return suffix;
    const prefix = this.#prefixes.get(handle);
    const tag = prefix === undefined ? '' : prefix + suffix;
    if (tag === '') throw new YamlError(start.offset, 'found undefined tag handle');
    return tag;
  }
}
