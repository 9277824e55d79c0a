import type { Conflict } from '../../core/merge/merge-blocks.ts';
import type { Io } from '../../io/io.ts';
import { nameOf } from '../../keys/index.ts';
import { conflictsKeyless } from '../../operations/merge/keyless.ts';
import { plainMerge } from '../../operations/merge/merge.ts';
import { openVersions } from '../../operations/merge/open-versions.ts';
import { readEncrypted } from '../../operations/open.ts';
import { pathInRepository } from '../git/repository-path.ts';
import { fileMerge } from '../merge/file-merge.ts';
import { withFileInErrors } from '../source.ts';
import { filesOf, notEncrypted, type Place, placeOf, type ResolveOptions } from './place.ts';
import { findVersions } from './versions.ts';

/** What conflicts in a file. */
export interface Listed {
  readonly file: string;
  readonly openable: boolean;
  readonly who: readonly string[];
  readonly conflicts: readonly Conflict[];
}

/** Say what conflicts, and who can settle it. */
export async function listConflicts(options: ResolveOptions, io: Io): Promise<Listed[]> {
  const place = await placeOf(options, io);
  const listed: Listed[] = [];
  for (const file of await filesOf(options, place))
    listed.push(await withFileInErrors(file, () => listFile(file, options, place)));
  return listed;
}

async function listFile(
  file: string,
  options: ResolveOptions,
  { repository, tools, io }: Place,
): Promise<Listed> {
  const target = io.absolute(file);
  const path = repository === undefined ? file : pathInRepository(io, repository, file);
  const text = io.exists(target) ? Buffer.from(io.read(target)).toString('utf8') : undefined;
  const versions = await findVersions(repository, path, text);
  const { ours, theirs, base } = versions ?? {};
  if (versions === undefined || (ours === undefined && theirs === undefined))
    return { file, openable: true, who: [], conflicts: [] };
  if (ours === undefined || theirs === undefined)
    return { file, openable: true, who: [], conflicts: [{ path: [], document: 0, kind: 'changed-removed' }] };
  const merging = await fileMerge({ base, ours, theirs }, target, options, tools, io);
  if (merging === undefined) throw notEncrypted(file);
  const { input, options: how } = merging;
  const who = readEncrypted(input.ours)
    .metadata.groups.flat()
    .map((entry) => how.names.nameOf(nameOf(entry)) ?? how.names.describe(nameOf(entry)));
  const opened = await openVersions(input, how.keyring);
  const whole: Conflict[] = [{ path: [], document: 0, kind: 'both-changed' }];
  if ('closed' in opened) return { file, openable: false, who, conflicts: conflictsKeyless(input) ?? whole };
  if (opened.ours.decryption === undefined) return { file, openable: true, who, conflicts: whole };
  return { file, openable: true, who, conflicts: (await plainMerge(opened, how)).conflicts };
}
