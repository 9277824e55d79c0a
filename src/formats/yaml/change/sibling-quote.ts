import type { ListNode, MapNode, TreeNode } from '../../../core/tree/tree.ts';
import { doubleQuoted, singleQuoted } from '../scalar/quote.ts';

/**
 * A text in the quotes that all texts beside it have.
 *
 * @returns `undefined` for other values, texts of several lines, and where some stand without quotes or in others
 */
export function quotedLikeSiblings({ items }: MapNode | ListNode, node: TreeNode): string | undefined {
  if (node.kind !== 'value' || node.value.type !== 'str' || node.value.bytes !== undefined) return undefined;
  const { text } = node.value;
  if (/[\r\n]/.test(text)) return undefined;
  const styles = new Set<string>();
  for (const item of items) {
    const sibling = item.kind === 'entry' ? item.value : item;
    if (sibling.kind === 'value' && sibling.value.type === 'str' && sibling.value.text !== '')
      styles.add(sibling.place.syntax);
  }
  const [style, another] = styles;
  if (another !== undefined || (style !== 'double' && style !== 'single')) return undefined;
  return style === 'double' ? doubleQuoted(text) : singleQuoted(text);
}
