import { isSameRecipient, type RecipientName } from '../../keys/index.ts';
import { sharesKey } from '../../operations/check/compare-sealed.ts';
import { findRenames, type Half } from '../git/renames.ts';
import { isJournal } from '../renew/journal.ts';
import {
  type Access,
  accessByFile,
  accessByRule,
  newlyIn,
  recipientsOf,
  takesLess,
  without,
} from './access.ts';
import type { Readers } from './readers.ts';
import { isConfig, type Ruled } from './rulebook.ts';
import type { State } from './state.ts';
import type { Versions } from './versions.ts';

/** A file that is looked at. */
export interface Moved {
  readonly path: string;
  /** The path that it had; `undefined` if it was not there. */
  readonly origin: string | undefined;
  /** Its rule before. */
  readonly was: RuleReaders | undefined;
  /** Its rule now. */
  readonly is: RuleReaders | undefined;
}

/** Files whose readers may be others: all, where rules are others. */
export async function movedIn(
  before: State,
  after: State,
  { readers, versions }: { readonly readers: Readers; readonly versions: Versions },
): Promise<Moved[]> {
  const changed = [...after.blobs].filter(([path, blob]) => before.blobs.get(path) !== blob);
  const gone = [...before.blobs].filter(([path]) => !after.blobs.has(path));
  const isRuledAnew = [...changed, ...gone].some(([path]) => isConfig(path));
  const added = changed.filter(([path]) => !before.blobs.has(path));
  const renames =
    gone.length === 0
      ? new Map<string, string>()
      : findRenames(await halves(gone, versions), await halves(added, versions));
  const moved: Moved[] = [];
  for (const [path] of isRuledAnew ? after.blobs : changed) {
    if (isConfig(path)) continue;
    const origin = before.blobs.has(path) ? path : renames.get(path);
    const was = origin === undefined ? undefined : await readersByRule(before, origin, readers);
    moved.push({ path, origin, was, is: await readersByRule(after, path, readers) });
  }
  return moved;
}

/** Encrypted files with their bytes. */
async function halves(files: readonly (readonly [string, string])[], versions: Versions): Promise<Half[]> {
  const found: Half[] = [];
  for (const [path, blob] of files) {
    const bytes = await versions.bytes(blob);
    if (bytes !== undefined && (await versions.sealed(path, blob)) !== undefined) found.push({ path, bytes });
  }
  return found;
}

/** A rule, and whom it names. */
export interface RuleReaders {
  readonly ruled: Pick<Ruled, 'chapter' | 'rule'>;
  readonly access: Access;
  readonly recipients: readonly RecipientName[];
}

/** Whom the rule of a file names; `undefined` if none speaks of it. */
export async function readersByRule(
  { rulebook }: State,
  path: string,
  readers: Readers,
): Promise<RuleReaders | undefined> {
  const ruled = isJournal(path) ? undefined : await rulebook.ruleOrNone(path);
  return ruled === undefined ? undefined : readersOf(ruled, readers);
}

/** Whom a rule names. */
export async function readersOf(ruled: RuleReaders['ruled'], readers: Readers): Promise<RuleReaders> {
  const access = accessByRule(await readers.termsOf(ruled.rule));
  return { ruled, access, recipients: recipientsOf(access) };
}

/** How a change lets more people read a file. */
export interface Widened {
  readonly recipients: readonly RecipientName[];
  /** Of these, whom the rule lets in, and the file does not yet. */
  readonly brought: readonly RecipientName[];
  /** It takes keys of fewer groups. */
  readonly isEasier: boolean;
}

const NOTHING: Widened = { recipients: [], brought: [], isEasier: false };

/** How the readers of a file become more. */
export async function widened(
  before: State,
  after: State,
  { path, origin, was, is }: Moved,
  versions: Versions,
): Promise<Widened> {
  const [old, blob] = [origin === undefined ? undefined : before.blobs.get(origin), after.blobs.get(path)];
  const isSameFile = old === blob;
  // Most files: nothing in them has to be read.
  if (isSameFile && (is === undefined || (was !== undefined && !isWider(is.access, was.access))))
    return NOTHING;
  const now = blob === undefined ? undefined : await versions.sealed(path, blob);
  if (now === undefined) return NOTHING;
  const own = accessByFile(now);
  const missing = newlyIn(is?.access ?? own, own);
  if (origin === undefined || old === undefined) return { ...NOTHING, recipients: missing, brought: missing };
  const past = await versions.sealed(origin, old);
  // What stood in clear, everybody could read.
  if (past === undefined) return NOTHING;
  const held = accessByFile(past);
  const known = was === undefined || was.recipients.length === 0 ? held : was.access;
  const byRule = newlyIn(is?.access ?? known, known);
  const byFile = newlyIn(own, held).filter((one) => isAmong(one, newlyIn(own, known)));
  // Another file may stand in its place, which its rule opens to others.
  const isOther = !isSameFile && sharesKey(past, now) !== true;
  const brought = missing.filter((one) => isOther || (!isSameFile && isAmong(one, recipientsOf(held))));
  const found = [...byRule, ...without(byFile, byRule)];
  return {
    recipients: [...found, ...without(brought, found)],
    brought: without(brought, found),
    isEasier: takesLess(is?.access ?? known, known) || (takesLess(own, held) && takesLess(own, known)),
  };
}

function isWider(access: Access, known: Access): boolean {
  return takesLess(access, known) || newlyIn(access, known).length > 0;
}

function isAmong(one: RecipientName, others: readonly RecipientName[]): boolean {
  return others.some((other) => isSameRecipient(one, other));
}
