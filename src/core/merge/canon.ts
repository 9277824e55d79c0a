import { behindAliases, isItemComment, type TreeNode } from '../tree/tree.ts';
import type { Value } from '../tree/value.ts';

/**
 * Gives the same number to nodes that say the same, however they are written: the order of keys, comments and aliases
 * make no difference. Each node is looked at once, so aliases of aliases cost nothing.
 */
export class Canon {
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<TreeNode, number>();

  of(node: TreeNode): number {
    const target = behindAliases(node);
    const known = this.#known.get(target);
    if (known !== undefined) return known;
    const number = this.#numberOf(target);
    this.#known.set(target, number);
    return number;
  }

  #numberOf(node: ReturnType<typeof behindAliases>): number {
    if (node.kind === 'value') return this.value(node.value);
    if (node.kind === 'map')
      return this.map(
        node.items.flatMap((item) =>
          item.kind === 'entry' ? [[item.key, this.of(item.value)] as const] : [],
        ),
      );
    return this.list(
      node.items.flatMap((item) => (item.kind === 'comment' || isItemComment(item) ? [] : [this.of(item)])),
    );
  }

  value({ type, text, bytes }: Value): number {
    return this.text(`v ${type} ${bytes === undefined ? '' : Buffer.from(bytes).toString('base64')} ${text}`);
  }

  map(entries: readonly (readonly [key: string, value: number])[]): number {
    const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
    return this.text(`m ${JSON.stringify(sorted)}`);
  }

  list(items: readonly number[]): number {
    return this.text(`l ${items.join()}`);
  }

  /** The number of a text of another kind. */
  text(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
