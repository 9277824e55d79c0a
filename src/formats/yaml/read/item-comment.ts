import type { CommentNode, Front, Place, Span, TreeNode, ValueNode } from '../../../core/tree/tree.ts';
import { lineBreakOf, lineStart } from '../lines.ts';

/** An encrypted comment that sops put into a list as an item of its own. */
const ITEM_COMMENT = /^ENC\[AES256_GCM,.*,type:comment\]\s*$/;

/** sops writes an encrypted comment of a list as an item; its place then includes the dash. */
export function itemOf(text: string, node: ValueNode): ValueNode {
  if (node.value.type !== 'str' || !ITEM_COMMENT.test(node.value.text)) return node;
  let dash = node.place.start - 1;
  while (dash >= 0 && text[dash] === ' ') dash -= 1;
  if (text[dash] !== '-') return node;
  return { ...node, place: { start: dash, end: node.place.end, syntax: 'item' } };
}

/**
 * The items of a list that has nothing but encrypted comments. sops prints it as `[]`, and the comments on the lines
 * below, at the column of the key; so the first comment brings the brackets.
 *
 * @param column that of the mapping in which the list stands
 * @param from offset behind the colon of its key
 */
export function bareItems(
  text: string,
  items: readonly (TreeNode | CommentNode)[],
  { column, from }: { readonly column: number; readonly from: number },
): (TreeNode | CommentNode)[] {
  const pad = ' '.repeat(Math.max(column, 0));
  let brackets: { before?: Span & Front } = {
    before: { start: from, end: from, keep: ' []', untagged: ' []' },
  };
  return items.map((item) => {
    if (item.kind !== 'value') return item;
    // Behind a key that begins with `?` the list begins on the line of the colon.
    const start = Math.max(lineStart(text, item.place.start), from);
    const lead = start === from ? lineBreakOf(text) + pad : pad;
    const place: Place = { ...item.place, start, front: { keep: lead, untagged: lead }, ...brackets };
    brackets = {};
    return { ...item, place };
  });
}
