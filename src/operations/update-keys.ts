import { applyEdits } from '../core/edit.ts';
import type { Document } from '../core/format.ts';
import { hasMetadata, METADATA_KEY } from '../core/leaf.ts';
import { type KeyEntry, type Metadata, metadataTree } from '../core/metadata.ts';
import { SottoError } from '../errors.ts';
import { recipientIdOf } from '../keys/index.ts';
import type { Recipient } from '../keys/key.ts';
import { wrapDataKey } from '../keys/wrap.ts';
import { decryptOpen, type OpenDataKey, openFile, readEncrypted, type Source } from './open.ts';

/** One recipient in the comparison of a file with its rule. */
export interface KeyChange {
  readonly kind: string;
  readonly id: string;
  readonly change: 'kept' | 'added' | 'removed';
}

/** What `updatekeys` would do to a file. */
export interface KeyPlan {
  /** Group by group: who stays, who is added, who is removed. */
  readonly groups: readonly (readonly KeyChange[])[];
  readonly changed: boolean;
}

/**
 * Compare the recipients of a file with those that it should have; the order does not matter.
 *
 * @throws SottoError those of reading an encrypted file
 */
export function planKeys(source: Source, wanted: readonly (readonly Recipient[])[]): KeyPlan {
  const { metadata } = readEncrypted(source);
  const count = Math.max(metadata.groups.length, wanted.length);
  const groups = Array.from({ length: count }, (_, number) =>
    compare(metadata.groups[number] ?? [], wanted[number] ?? []),
  );
  return { groups, changed: groups.some((group) => group.some(({ change }) => change !== 'kept')) };
}

function compare(entries: readonly KeyEntry[], wanted: readonly Recipient[]): KeyChange[] {
  const has = new Set(entries.map(keyOf));
  const wants = new Set(wanted.map(({ kind, id }) => `${kind} ${id}`));
  const changeOf = (entry: KeyEntry, change: KeyChange['change']): KeyChange => {
    return { kind: entry.kind, id: recipientIdOf(entry), change };
  };
  const kept = entries.filter((entry) => wants.has(keyOf(entry)));
  const removed = entries.filter((entry) => !wants.has(keyOf(entry)));
  const added = wanted.filter(({ kind, id }) => !has.has(`${kind} ${id}`));
  return [
    ...kept.map((entry) => changeOf(entry, 'kept')),
    ...added.map(({ kind, id }): KeyChange => ({ kind, id, change: 'added' })),
    ...removed.map((entry) => changeOf(entry, 'removed')),
  ];
}

/**
 * Give a file the recipients that it should have. The data key stays, so values, MAC and `lastmodified` do too, and
 * entries of recipients that stay are not wrapped again. The MAC is checked first.
 *
 * @throws SottoError `no-recipients`, `mac-mismatch`, and those of opening
 */
export async function updateKeysText(
  source: Source,
  wanted: readonly (readonly Recipient[])[],
  options: { readonly openDataKey: OpenDataKey; readonly indent?: number },
): Promise<string> {
  const [group = [], ...others] = wanted;
  const file = await openFile(source, options.openDataKey);
  if (others.length > 0 || file.metadata.groups.length > 1) {
    throw new SottoError('not-supported', 'more than one key group is not supported yet', {
      exit: 1,
      hint: 'put all recipients into one group; then each of them alone opens the file',
    });
  }
  if (group.length === 0) {
    throw new SottoError('no-recipients', 'the rule for this file names no recipients', {
      hint: 'a file without recipients could never be opened again; name at least one in .sops.yaml',
    });
  }
  const { text } = decryptOpen(file);
  const has = new Map((file.metadata.groups[0] ?? []).map((entry) => [keyOf(entry), entry]));
  const added = await wrapDataKey(
    file.dataKey,
    group.filter(({ kind, id }) => !has.has(`${kind} ${id}`)),
  );
  const made = new Map(added.map((entry) => [keyOf(entry), entry]));
  const entries = group.flatMap(({ kind, id }) => {
    const entry = has.get(`${kind} ${id}`) ?? made.get(`${kind} ${id}`);
    return entry === undefined ? [] : [entry];
  });
  const metadata: Metadata = { ...file.metadata, groups: [entries] };
  const updated = replaceMetadata(file.document, metadata, options.indent);
  // Read back: the same values under the same key, or nothing is handed out.
  const again = decryptOpen({ ...file, document: source.format.read(updated), metadata });
  if (again.text !== text)
    throw new SottoError('internal', 'the updated file would decrypt to another text', {
      hint: 'nothing was written; please report this with a file that shows it',
    });
  return updated;
}

function replaceMetadata(document: Document, metadata: Metadata, indent: number | undefined): string {
  const { format } = document;
  const path = [METADATA_KEY];
  const removals = document.roots.flatMap((root, number) =>
    hasMetadata(root) ? format.change(document, { op: 'remove', document: number, path }) : [],
  );
  const bare = format.read(applyEdits(document.text, removals));
  const node = metadataTree(metadata);
  const options = indent === undefined ? {} : { indent };
  const insertions = bare.roots.flatMap((_, number) =>
    format.change(bare, { op: 'set', document: number, path, node, metadata: true, ...options }),
  );
  return applyEdits(bare.text, insertions);
}

function keyOf(entry: KeyEntry): string {
  return `${entry.kind} ${recipientIdOf(entry)}`;
}
