import { hasTokens } from '../../core/sops/token.ts';
import { SottoError } from '../../errors.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { halvesOf } from '../../text/conflict-markers.ts';
import type { EditorRun } from '../edit.ts';
import { type CommonOptions, type Tools, toolsOf } from '../settings.ts';
import type { MergeTool } from './merge-tool.ts';
import { undonePaths } from './versions.ts';

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

/** What serves all files of a run. */
export interface Place {
  readonly repository: Repository | undefined;
  readonly tools: Tools;
  /** In the place of the editor. */
  readonly mergeTool?: MergeTool;
  readonly io: Io;
}

/** @throws SottoError `not-a-repository` unless files are named */
export async function placeOf(options: ResolveOptions, io: Io): Promise<Place> {
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
export async function filesOf(
  { files }: ResolveOptions,
  { repository, io }: Place,
): Promise<readonly string[]> {
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

export function notEncrypted(file: string): SottoError {
  return new SottoError('metadata-missing', `${file} is not encrypted`, {
    hint: 'its conflicts are settled with git and an editor, as those of any file',
  });
}
