import { METADATA_KEY } from '../../../core/sops/metadata-key.ts';
import type { Change, Document, Edit } from '../../../core/splice/format.ts';
import type { MapNode } from '../../../core/tree/tree.ts';
import { insertMetadata, removeMetadata } from './metadata-block.ts';
import { removeAt } from './remove.ts';
import { setAt } from './set.ts';

/** The edits that make a change of structure, in the document's own style. See `Format.change`. */
export function changeYaml(document: Document, change: Change): Edit[] {
  const root = rootOf(document, change.document);
  const [key, below] = change.path;
  const isMetadata = key === METADATA_KEY && below === undefined;
  if (change.op === 'remove')
    return isMetadata ? removeMetadata(document, root) : removeAt(document, root, change.path);
  if (isMetadata && change.metadata === true)
    return [insertMetadata(document, root, change.node, change.indent)];
  return setAt(document, root, change.path, change.node);
}

function rootOf({ roots }: Document, number: number): MapNode {
  const root = roots[number];
  if (root === undefined) throw new Error(`there is no document ${number}`);
  return root;
}
