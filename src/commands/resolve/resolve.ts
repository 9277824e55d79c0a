import type { Warning } from '../../core/splice/warning.ts';
import { SottoError } from '../../errors.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { halvesOf } from '../../text/conflict-markers.ts';
import { writer } from '../edit.ts';
import { pathInRepository } from '../git/repository-path.ts';
import { fileMerge } from '../merge/file-merge.ts';
import { withFileInErrors } from '../source.ts';
import { findMergeTool } from './merge-tool.ts';
import { filesOf, notEncrypted, type Place, placeOf, type ResolveOptions } from './place.ts';
import { settle } from './settle.ts';
import { mendStale } from './stale.ts';
import { type FileVersions, findVersions } from './versions.ts';

/** What became of a file. */
export interface Resolved {
  readonly file: string;
  readonly outcome: 'resolved' | 'removed' | 'whole';
  readonly conflicts: number;
  readonly isStaged: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Make files whole again.
 *
 * @param done told of each as soon as it is written
 * @returns the command with which git goes on, if no conflict is left
 */
export async function resolve(
  options: ResolveOptions,
  io: Io,
  done: (resolved: Resolved) => void,
): Promise<string | undefined> {
  const found = await placeOf(options, io);
  const { tool } = options;
  const place =
    tool === undefined ? found : { ...found, mergeTool: await findMergeTool(tool, found.repository) };
  for (const file of await filesOf(options, place))
    done(await withFileInErrors(file, () => resolveFile(file, options, place)));
  return place.repository === undefined ? undefined : nextStep(place.repository);
}

/** What git waits for. */
const NEXT: readonly (readonly [head: string, command: string])[] = [
  ['REBASE_HEAD', 'git rebase --continue'],
  ['CHERRY_PICK_HEAD', 'git cherry-pick --continue'],
  ['REVERT_HEAD', 'git revert --continue'],
  ['MERGE_HEAD', 'git commit'],
];

async function nextStep(repository: Repository): Promise<string | undefined> {
  if ((await repository.lsFiles()).some(({ stage }) => stage > 0)) return undefined;
  for (const [head, command] of NEXT) if ((await repository.find(head)) !== undefined) return command;
  return undefined;
}

async function resolveFile(file: string, options: ResolveOptions, place: Place): Promise<Resolved> {
  const { repository, io } = place;
  const target = io.absolute(file);
  const path = repository === undefined ? file : pathInRepository(io, repository, file);
  const before = io.exists(target) ? Buffer.from(io.read(target)).toString('utf8') : undefined;
  const versions = await findVersions(repository, path, before);
  const isMarked = before !== undefined && halvesOf(before) !== undefined;
  if (before !== undefined && !isMarked && isPicked(before, versions)) {
    const mended = await mendStale(
      file,
      await knownVersions(path, versions, repository),
      options,
      place.tools,
      io,
    );
    if (mended !== undefined || versions?.isStaged !== true) {
      if (mended !== undefined) await writer(io, { name: file, content: before })(mended.text);
      const isStaged = mended !== undefined && (await stage(repository, path));
      return {
        file,
        outcome: mended === undefined ? 'whole' : 'resolved',
        conflicts: 0,
        isStaged,
        warnings: mended?.warnings ?? [],
      };
    }
    return { file, outcome: 'resolved', conflicts: 0, isStaged: await stage(repository, path), warnings: [] };
  }
  if (versions === undefined) throw nothingThere(file, before);
  if (versions.ours === undefined || versions.theirs === undefined)
    return takeWhole(file, path, versions, options, place);
  const { ours, theirs, base } = versions;
  const merging = await fileMerge({ base, ours, theirs }, target, options, place.tools, io);
  if (merging === undefined) throw notEncrypted(file);
  const settled = await settle(file, before, merging, versions, options, place);
  if (settled.text !== undefined) await writeOver(file, before, settled.text, io);
  return {
    file,
    outcome: 'resolved',
    conflicts: settled.count,
    isStaged: await stage(repository, path),
    warnings: settled.warnings,
  };
}

/** All versions that git knows of a file: those of its merge, and the one that was committed last. */
async function knownVersions(
  path: string,
  versions: FileVersions | undefined,
  repository: Repository | undefined,
): Promise<(Uint8Array | undefined)[]> {
  const known = [versions?.base, versions?.ours, versions?.theirs];
  const id = await repository?.find(`HEAD:${path}`);
  if (repository === undefined || id === undefined) return known;
  for await (const { bytes } of repository.catFiles([id])) known.push(bytes);
  return known;
}

/** A file without markers is not what git left there, but what somebody made of it. */
function isPicked(text: string, versions: FileVersions | undefined): boolean {
  if (versions === undefined) return true;
  return ![versions.ours, versions.theirs].some(
    (bytes) => bytes !== undefined && Buffer.from(bytes).toString('utf8') === text,
  );
}

/** One side deleted the file. */
async function takeWhole(
  file: string,
  path: string,
  versions: FileVersions,
  { side }: ResolveOptions,
  { repository, io }: Place,
): Promise<Resolved> {
  const deleter = versions.ours === undefined ? 'ours' : 'theirs';
  if (side === undefined || repository === undefined)
    throw new SottoError('conflicts-left', `${deleter} deleted ${file}, and the other side changed it`, {
      hint: `sotto resolve --${deleter} ${file} deletes it, --${deleter === 'ours' ? 'theirs' : 'ours'} keeps it`,
    });
  const bytes = versions[side];
  const done = { file, conflicts: 1, isStaged: true, warnings: [] };
  if (bytes === undefined) {
    await repository.run(['rm', '-q', '-f', '--', path]);
    return { ...done, outcome: 'removed' };
  }
  await io.write(io.absolute(file), bytes);
  await stage(repository, path);
  return { ...done, outcome: 'resolved' };
}

async function stage(repository: Repository | undefined, path: string): Promise<boolean> {
  if (repository === undefined) return false;
  await repository.run(['add', '--', path]);
  return true;
}

async function writeOver(file: string, before: string | undefined, text: string, io: Io): Promise<void> {
  await io.write(io.absolute(file), text, { known: { name: file, content: before } });
}

function nothingThere(file: string, text: string | undefined): SottoError {
  if (text === undefined)
    return new SottoError('file-missing', `there is no ${file}, and git knows no conflict of it`, {
      hint: 'check the name',
    });
  return new SottoError('internal', `${file} was not understood`);
}
