import type { Side } from '../../core/merge/block.ts';
import type { Conflict } from '../../core/merge/merge-blocks.ts';
import { hasTokens } from '../../core/sops/token.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { shortPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { nameOf } from '../../keys/index.ts';
import { conflictsKeyless, mergeKeyless } from '../../operations/merge/keyless.ts';
import {
  merge,
  type OpenMerge,
  openVersions,
  type PlainMerge,
  plainMerge,
} from '../../operations/merge/merge.ts';
import { readEncrypted } from '../../operations/open.ts';
import { halvesOf, withBase } from '../../text/conflict-markers.ts';
import { type EditorRun, runEditor, writer } from '../edit.ts';
import { pathInRepository } from '../git/repository-path.ts';
import { type FileMerge, fileMerge } from '../merge/file-merge.ts';
import { type CommonOptions, type Tools, toolsOf } from '../settings.ts';
import { withFileInErrors } from '../source.ts';
import { findMergeTool, type MergeTool, toolAsEditor } from './merge-tool.ts';
import { mendStale } from './stale.ts';
import { type FileVersions, findVersions, undonePaths } from './versions.ts';

/** How conflicts are to be settled. */
export interface ResolveOptions extends CommonOptions, Pick<EditorRun, 'tryAgain'> {
  /** As the user named them; all that have conflicts if there are none. */
  readonly files: readonly string[];
  readonly side?: 'ours' | 'theirs' | undefined;
  /** Places as people write them, and whose value each gets. */
  readonly takes: readonly { readonly path: string; readonly side: 'ours' | 'theirs' }[];
  /** A merge tool of git that opens in the place of the editor. */
  readonly tool?: string | undefined;
  /** Whether somebody says that a file is to be written though nothing vouches for its values. */
  readonly confirm: (file: string, changes: readonly string[]) => Promise<boolean>;
}

/** What became of a file. */
export interface Resolved {
  readonly file: string;
  readonly outcome: 'resolved' | 'removed' | 'whole';
  readonly conflicts: number;
  readonly isStaged: boolean;
  readonly warnings: readonly Warning[];
}

/** What conflicts in a file. */
export interface Listed {
  readonly file: string;
  readonly openable: boolean;
  readonly who: readonly string[];
  readonly conflicts: readonly Conflict[];
}

/** What serves all files of a run. */
interface Place {
  readonly repository: Repository | undefined;
  readonly tools: Tools;
  /** In the place of the editor. */
  readonly mergeTool?: MergeTool;
  readonly io: Io;
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

/** Say what conflicts, and who can settle it. */
export async function listConflicts(options: ResolveOptions, io: Io): Promise<Listed[]> {
  const place = await placeOf(options, io);
  const listed: Listed[] = [];
  for (const file of await filesOf(options, place))
    listed.push(await withFileInErrors(file, () => listFile(file, options, place)));
  return listed;
}

async function placeOf(options: ResolveOptions, io: Io): Promise<Place> {
  const tools = toolsOf(io, options);
  try {
    return { repository: await openRepository(io), tools, io };
  } catch (error) {
    const isNone =
      error instanceof SottoError && (error.code === 'not-a-repository' || error.code === 'git-missing');
    if (!isNone || options.files.length === 0) throw error;
    return { repository: undefined, tools, io };
  }
}

/**
 * The files that were named; or all encrypted ones of which the index has several versions, or had before `git add` took
 * their markers for the solution.
 */
async function filesOf({ files }: ResolveOptions, { repository, io }: Place): Promise<readonly string[]> {
  if (files.length > 0 || repository === undefined) return files;
  const entries = (await repository.lsFiles()).filter(({ stage }) => stage > 0);
  const sealed = new Set<string>();
  const paths = new Map(entries.map(({ blob, path }) => [blob, path]));
  for await (const { id, bytes } of repository.catFiles(paths.keys()))
    if (bytes !== undefined && hasTokens(Buffer.from(bytes))) sealed.add(paths.get(id) ?? '');
  for (const path of await undonePaths(repository)) {
    const file = `${repository.root}/${path}`;
    const text = io.isFile(file) ? Buffer.from(io.read(file)).toString('utf8') : '';
    if (hasTokens(text) && halvesOf(text) !== undefined) sealed.add(path);
  }
  return [...sealed].sort().map((path) => named(`${repository.root}/${path}`, io));
}

/** A path as a user in the working folder names it. */
function named(path: string, io: Io): string {
  return path.startsWith(`${io.folder}/`) ? path.slice(io.folder.length + 1) : path;
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

interface Settlement {
  /** Left out where it was written already. */
  readonly text?: string | undefined;
  readonly count: number;
  readonly warnings: readonly Warning[];
}

async function settle(
  file: string,
  before: string | undefined,
  { input, options: how }: FileMerge,
  { labels }: FileVersions,
  options: ResolveOptions,
  place: Place,
): Promise<Settlement> {
  const { side } = options;
  const opened = await openVersions(input, how.keyring);
  if ('closed' in opened) {
    const keyless = mergeKeyless(input, how, side);
    if (keyless === undefined) throw opened.closed;
    return { text: keyless.ours, count: 0, warnings: keyless.warnings };
  }
  if (opened.ours.decryption === undefined) {
    const result = await merge(input, how);
    if (result.conflicts.length > 0 && side === undefined)
      throw new SottoError('conflicts-left', `${file} is encrypted as a whole, and both sides changed it`, {
        hint: `take one of them: sotto resolve --ours ${file}, or --theirs`,
      });
    return { text: result[side ?? 'ours'], count: result.conflicts.length, warnings: result.warnings };
  }
  const plain = await plainMerge(opened, how);
  const warnings = [...opened.warnings, ...plain.warnings, ...settingsKept(plain)];
  const count = plain.text.conflicts.length;
  const chosen = choicesFor(plain, options);
  if (chosen.every((one) => one !== undefined)) {
    const text = plain.text.settled((conflict) => chosen[conflict] ?? 'ours');
    if (text === undefined) throw notTogether();
    return { text: plain.seal(text, true), count, warnings };
  }
  if (!place.io.isTerminal && options.takes.length > 0) throw someLeft(plain, chosen);
  await editConflicts(file, before, plain, { ...opened, labels, chosen }, options, place);
  return { count, warnings };
}

/** Whose value each conflict gets; `undefined` where that is not said. */
function choicesFor({ text }: PlainMerge, { side, takes }: ResolveOptions): (Side | undefined)[] {
  const used = new Set<string>();
  const chosen = text.conflicts.map(({ path }) => {
    const short = shortPath(path);
    const take = takes.find(({ path: wanted }) => wanted === short);
    if (take !== undefined) used.add(take.path);
    return take?.side ?? side;
  });
  const unknown = takes.find(({ path }) => !used.has(path));
  if (unknown === undefined) return chosen;
  throw new SottoError('path-missing', `nothing conflicts at ${unknown.path}`, {
    hint:
      text.conflicts.length === 0
        ? 'nothing conflicts at all'
        : `these do: ${text.conflicts.map(({ path }) => shortPath(path)).join(', ')}`,
  });
}

async function editConflicts(
  file: string,
  before: string | undefined,
  { text, seal }: PlainMerge,
  {
    labels,
    chosen,
    base,
  }: Pick<OpenMerge, 'base'> &
    Pick<FileVersions, 'labels'> & { readonly chosen: readonly (Side | undefined)[] },
  options: ResolveOptions,
  { mergeTool, io }: Place,
): Promise<void> {
  const half = (side: Side): string | undefined => text.settled((conflict) => chosen[conflict] ?? side);
  const [mine, other] = [half('ours'), half('theirs')];
  if (mine === undefined || other === undefined) throw notTogether();
  const known = half('base') ?? base?.decryption?.text;
  const was = known ?? mine;
  const shown = Buffer.from(withBase(was, mine, other, { size: 7, ...labels }));
  await runEditor(
    { ...options, file },
    {
      shown,
      isAlwaysWritten: true,
      editorIn:
        mergeTool && toolAsEditor(mergeTool, file, { ours: mine, theirs: other, base: known ?? '' }, io),
      encryptor: async (plain) => {
        const edited = Buffer.from(plain).toString('utf8');
        if (/^(?:<{7}|>{7}|\|{7})(?: |$)/m.test(edited)) throw markersLeft();
        return { text: seal(edited, true), warnings: [] };
      },
    },
    writer(io, { name: file, content: before }),
    io,
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

/** What both sides said differently about the file itself stays as ours has it: nobody can read more then. */
function settingsKept({ conflicts }: PlainMerge): Warning[] {
  return conflicts.flatMap(({ kind }) =>
    kind === 'selector' || kind === 'groups'
      ? [
          {
            message: `both sides changed the ${kind === 'groups' ? 'key groups' : 'selector'}; ours is kept`,
            hint: 'sotto sync FILE brings them to what the rule says',
          },
        ]
      : [],
  );
}

function nothingThere(file: string, text: string | undefined): SottoError {
  if (text === undefined)
    return new SottoError('file-missing', `there is no ${file}, and git knows no conflict of it`, {
      hint: 'check the name',
    });
  return new SottoError('internal', `${file} was not understood`);
}

function notEncrypted(file: string): SottoError {
  return new SottoError('metadata-missing', `${file} is not encrypted`, {
    hint: 'its conflicts are settled with git and an editor, as those of any file',
  });
}

function notTogether(): SottoError {
  return new SottoError('conflicts-left', 'these choices do not make a file', {
    hint: 'settle the conflicts in the editor: sotto resolve FILE',
  });
}

function markersLeft(): SottoError {
  return new SottoError('conflicts-left', 'there are markers of conflicts in the text still', {
    hint: 'take one of the versions between <<<<<<< and >>>>>>>, and remove these lines',
  });
}

function someLeft({ text }: PlainMerge, chosen: readonly (Side | undefined)[]): SottoError {
  const left = text.conflicts
    .filter((_, number) => chosen[number] === undefined)
    .map(({ path }) => shortPath(path));
  return new SottoError('conflicts-left', `nothing was said about ${left.join(', ')}`, {
    hint: 'add --take for each, or --ours or --theirs for all others',
  });
}
