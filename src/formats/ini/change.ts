import { isMetadata, METADATA_KEY } from '../../core/sops/metadata-key.ts';
import type { Change, Document, Edit } from '../../core/splice/format.ts';
import { insertMetadata, removeMetadata } from './metadata.ts';
import { removeAt } from './remove.ts';
import { setAt } from './set.ts';

/** The edits that make a change of structure, in the document's own style. See `Format.change`. */
export function changeIni(document: Document, change: Change): Edit[] {
  const { path } = change;
  const isAll = path.length === 1 && path[0] === METADATA_KEY;
  if (change.op === 'set') {
    if (isAll && change.metadata === true) return [insertMetadata(document, change.node)];
    return setAt(document, path, change.node, change.selects);
  }
  if (!isAll) return removeAt(document.text, path);
  const entry = document.roots[0]?.items.find(isMetadata);
  return entry?.kind === 'entry' ? [removeMetadata(document, entry)] : [];
}
