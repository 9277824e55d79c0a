import type { Document } from '../../src/core/splice/format.ts';
import { isItemComment, type TreeNode } from '../../src/core/tree/tree.ts';

/** What the first document of a text says, as JSON has it; in INI, what stands in no section is beside the sections. */
export function saidBy({ roots: [root], format }: Document): unknown {
  const said = root === undefined ? undefined : plain(root);
  if (format.name !== 'ini' || typeof said !== 'object' || said === null) return said;
  const { DEFAULT: own, ...sections } = said as { readonly [key: string]: object };
  return { ...own, ...sections };
}

function plain(node: TreeNode): unknown {
  if (node.kind === 'alias') return plain(node.target);
  if (node.kind === 'value') return node.value.text;
  if (node.kind === 'list')
    return node.items.flatMap((item) =>
      item.kind === 'comment' || isItemComment(item) ? [] : [plain(item)],
    );
  return Object.fromEntries(
    node.items.flatMap((item) => (item.kind === 'entry' ? [[item.key, plain(item.value)]] : [])),
  );
}
