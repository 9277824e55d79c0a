import type { Document } from '../../../core/splice/format.ts';
import { printPath } from '../../../core/tree/path.ts';
import type { Path, TreeNode } from '../../../core/tree/tree.ts';
import { SottoError } from '../../../errors.ts';

/**
 * Refuse to take out nodes that an alias elsewhere needs.
 *
 * @param gone what goes, with all below it
 * @param stays the anchor of `gone` itself stays, for another value
 * @throws SottoError `set-invalid`
 */
export function refuseWhenAliased({ roots }: Document, gone: TreeNode, path: Path, stays = false): void {
  const inside = new Set<TreeNode>();
  collect(gone, (node) => inside.add(node));
  for (const root of roots) {
    collect(root, (node) => {
      if (node.kind !== 'alias' || inside.has(node) || !inside.has(node.target)) return;
      if (stays && node.target === gone) return;
      throw new SottoError(
        'set-invalid',
        `${printPath(path)} has the anchor &${node.name}, which *${node.name} needs`,
        { hint: `replace the alias *${node.name} first` },
      );
    });
  }
}

/** Visit a node and all below it, aliases not followed. */
function collect(node: TreeNode, visit: (node: TreeNode) => void): void {
  visit(node);
  if (node.kind !== 'map' && node.kind !== 'list') return;
  for (const item of node.items) {
    if (item.kind === 'entry') collect(item.value, visit);
    else if (item.kind !== 'comment') collect(item, visit);
  }
}
