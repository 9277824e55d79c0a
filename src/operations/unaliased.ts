import type { Decryption } from '../core/splice/decryption.ts';
import { applyEdits } from '../core/splice/edit.ts';
import type { Document } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import { nodesAt } from '../core/tree/lookup.ts';
import { printPath } from '../core/tree/path.ts';
import type { Path } from '../core/tree/tree.ts';

/** A plain text in which a value can change without one elsewhere. */
export interface Unaliased {
  readonly text: string;
  readonly document: Document;
  readonly warnings: Warning[];
}

/** An alias on the way to a value that changes is replaced by what it stands for: the anchor keeps its own. */
export function withoutAliases({ document }: Decryption, way: Path): Unaliased {
  const warnings: Warning[] = [];
  let current = document;
  for (let depth = 1; depth <= way.length; depth += 1) {
    const path = way.slice(0, depth);
    const [root] = current.roots;
    const node = root === undefined ? undefined : nodesAt(root, path)[0];
    if (node?.kind !== 'alias') continue;
    const edits = current.format.change(current, { op: 'set', document: 0, path, node: node.target });
    current = current.format.read(applyEdits(current.text, edits));
    warnings.push({
      message: `${printPath(path)} was the alias *${node.name}; it has values of its own now`,
      hint: 'change the value at the anchor to change it in both places',
    });
  }
  return { text: current.text, document: current, warnings };
}
