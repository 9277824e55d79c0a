import type { Conflict } from '../core/merge/merge-blocks.ts';
import { shortPath } from '../core/tree/path.ts';
import { listed } from '../text/listed.ts';
import { oneLine } from '../text/printable.ts';

/** So many conflicts are named in a line. */
const NAMED = 3;

/** Where a conflict is, for people. */
export function conflictPlace({
  path,
  document,
  kind,
}: Pick<Conflict, 'path' | 'document' | 'kind'>): string {
  const place = path.length === 0 ? `(${WHOLE[kind] ?? 'whole'})` : oneLine(shortPath(path));
  return document === 0 ? place : `doc ${document + 1}: ${place}`;
}

const WHOLE: { readonly [kind: string]: string } = {
  comment: 'comment',
  selector: 'selector',
  groups: 'key groups',
};

/** What conflicts, in a few words: `2 conflicts: api.token, db.port`. */
export function conflictList(conflicts: readonly Conflict[]): string {
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`;
  return `${count}: ${listed(conflicts.map(conflictPlace), NAMED)}`;
}
