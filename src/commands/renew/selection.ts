import { join } from 'node:path';
import type { Path } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { listed } from '../../text/listed.ts';
import { oneLine } from '../../text/printable.ts';
import { sortedIn } from '../folder.ts';
import { namedIn, plannedFor } from './plan.ts';
import { nameOf, type Subject } from './subject.ts';
import type { WorkOptions, Workplace, Workplaces } from './workplace.ts';

/** Which values are to be renewed. */
export type Selection =
  | { readonly kind: 'named'; readonly file: string; readonly paths: readonly string[] }
  /** Those that a policy names, and that are not there; in some files, or in all. */
  | { readonly kind: 'missing'; readonly files: readonly string[] }
  /** Those that are older than they may become; also those that nearly are. */
  | { readonly kind: 'expired'; readonly isSoonEnough: boolean; readonly files: readonly string[] }
  /** Those that somebody may still know. */
  | { readonly kind: 'exposed'; readonly who: string; readonly files: readonly string[] };

/** A value to be renewed, and where its policy is. */
export interface Selected {
  readonly place: Workplace;
  readonly subject: Subject;
}

/** A value as the commands find it that look at all values. */
interface FoundValue {
  /** Absolute. */
  readonly file: string;
  readonly path: Path;
  readonly document: number;
  /** It may be another one already: whoever means it names it. */
  readonly isUnsure?: boolean;
}

/** Find the values. Of those that nothing says how to renew it is said so. @throws SottoError */
export async function selectValues(
  selection: Selection,
  places: Workplaces,
  options: WorkOptions,
  io: Io,
): Promise<Selected[]> {
  switch (selection.kind) {
    case 'named':
      return named(selection.file, selection.paths, places);
    case 'missing':
      return missing(selection.files, places, io);
    case 'expired':
      return renewable(await expired(selection.isSoonEnough, io), selection.files, places, options, io);
    case 'exposed':
      return renewable(await exposedTo(selection.who, options, io), selection.files, places, options, io);
  }
}

async function named(file: string, paths: readonly string[], places: Workplaces): Promise<Selected[]> {
  const { place, name } = await places.for(file);
  const selected: Selected[] = [];
  for (const written of paths)
    selected.push({ place, subject: { file: name, path: await place.values.pathIn(name, written) } });
  return selected;
}

async function missing(files: readonly string[], places: Workplaces, io: Io): Promise<Selected[]> {
  const { root } = await places.here();
  const selected: Selected[] = [];
  for (const file of files.length > 0 ? files : sortedIn(io, root).sealed) {
    const { place, name } = await places.for(file);
    if (name.startsWith('.sotto/')) continue;
    for (const subject of await namedIn(name, place))
      if (!(await place.values.has(subject))) selected.push({ place, subject });
  }
  return selected;
}

/** @param files those that are meant; all if there are none */
async function renewable(
  found: readonly FoundValue[],
  files: readonly string[],
  places: Workplaces,
  { warn }: WorkOptions,
  io: Io,
): Promise<Selected[]> {
  const wanted = new Set(files.map((file) => io.realPath(io.absolute(file))));
  const selected: Selected[] = [];
  const others: string[] = [];
  const unsure: string[] = [];
  for (const { file, path, document, isUnsure = false } of found) {
    if (wanted.size > 0 && !wanted.has(io.realPath(file))) continue;
    if (!io.isFile(file)) continue;
    const { place, name } = await places.for(file);
    const subject = { file: name, path };
    if (name.startsWith('.sotto/')) continue;
    // Of several documents in a file, the first is what is renewed.
    const shown = document > 0 ? `${nameOf(subject)} of document ${document + 1}` : nameOf(subject);
    if (document === 0 && (await plannedFor(subject, place)) !== undefined) {
      if (isUnsure) unsure.push(shown);
      else selected.push({ place, subject });
    } else if (!isUnsure) others.push(shown);
  }
  if (unsure.length > 0)
    warn({
      message: `the age of ${namesOf(unsure)} is unproven or unknown, so nothing is done about it`,
      hint: '"sotto expiry" says what is known; who wants a new value names it: sotto renew FILE PATH',
    });
  if (others.length > 0)
    warn({
      message: `nothing says how ${namesOf(others)} ${others.length === 1 ? 'is' : 'are'} renewed`,
      hint: 'change them at their sources, and set them anew; or write renew: for them in .sops.yaml',
    });
  return selected;
}

const MOST = 10;

function namesOf(values: readonly string[]): string {
  return listed(values.map(oneLine), MOST);
}

/** Values whose time is up, and those of which nobody can tell that it is not. */
async function expired(isSoonEnough: boolean, io: Io): Promise<FoundValue[]> {
  const { expiry } = await import('../lifecycle/expiry.ts');
  const { ages, result } = await expiry({ paths: [], isWhole: false }, io);
  return ages.flatMap(({ file, path, document, standing: { state } }) => {
    const isUnsure = state === 'unproven' || state === 'age-unknown';
    const isDue = state === 'expired' || (isSoonEnough && state === 'expires-soon');
    return isDue || isUnsure ? [{ file: join(result.top, file), path, document, isUnsure }] : [];
  });
}

/** Values that somebody could read in any version, and that did not demonstrably change since. */
async function exposedTo(who: string, options: WorkOptions, io: Io): Promise<FoundValue[]> {
  const { whatWasRead } = await import('../people/remove.ts');
  const { isOpen } = await import('../../operations/exposed/exposed.ts');
  const { exposed, isShallow } = await whatWasRead({ ...options, name: who }, io);
  if (isShallow)
    throw new SottoError(
      'git-failed',
      'the history of this clone is cut off: there may be more that was read',
      {
        hint: 'git fetch --unshallow',
      },
    );
  const { root } = await openRepository(io);
  return exposed
    .filter((one) => isOpen(one) && !one.isComment)
    .map(({ file, path, document }) => ({ file: join(root, file), path, document }));
}
