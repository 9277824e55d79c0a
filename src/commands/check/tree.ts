import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { attempt } from '../../errors.ts';
import type { Blobs } from '../../io/git/blobs.ts';
import type { Change } from '../../io/git/changes.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { CONFIG_NAME } from './rulebook.ts';

/** A version of a file that is to be checked. */
export interface TreeFile {
  readonly path: string;
  /** Its object; `undefined` outside of git. */
  readonly blob: string | undefined;
  /** Where they are known already: it was read from the disk. */
  readonly bytes?: Uint8Array;
}

/** A file, and its bytes, as far as there are any. */
export interface ReadFile {
  readonly file: TreeFile;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Read files, in their order. git is not waited for with each, so nothing else may be asked of it here meanwhile.
 *
 * @param blobs left out outside of git, where all were read
 */
export async function* readFiles(files: readonly TreeFile[], blobs?: Blobs): AsyncGenerator<ReadFile> {
  const isAsked = ({ blob, bytes }: TreeFile): boolean => bytes === undefined && blob !== undefined;
  const answers = blobs?.readAll(files.filter(isAsked).flatMap(({ blob }) => blob ?? []));
  for (const file of files) {
    const answer = isAsked(file) ? await answers?.next() : undefined;
    yield { file, bytes: answer?.value === undefined ? file.bytes : answer.value.bytes };
  }
}

/** A file that replaces earlier versions. */
export interface Replacement {
  readonly file: TreeFile;
  /** The objects that it replaces; of a merge more than one. */
  readonly before: readonly string[];
}

/** What is checked. */
export interface Tree {
  /** Absolute. */
  readonly top: string;
  readonly files: readonly TreeFile[];
  readonly replacements: readonly Replacement[];
  /** Every path there is, whether it is checked or not. */
  readonly paths: readonly string[];
}

/** Regular files, executable or not: what a link says is no file's content. */
export function isRegular(mode: string): boolean {
  return mode.startsWith('100');
}

/** The object that git makes of bytes. @param like another one, of which it has the length */
export function blobId(bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The tree without files, to which the first commit is compared. */
export async function emptyTree(repository: Repository): Promise<string> {
  const id = await repository.run(['hash-object', '-t', 'tree', '--stdin'], new Uint8Array());
  return Buffer.from(id).toString().trim();
}

/** The work tree and the index. */
export async function workTree(repository: Repository, io: Io): Promise<Tree> {
  const entries = (await repository.lsFiles()).filter(({ mode }) => isRegular(mode));
  const head = (await repository.find('HEAD')) ?? (await emptyTree(repository));
  const changes = new Map((await repository.changesInTree(head)).map((change) => [change.path, change]));
  const files: TreeFile[] = [];
  const replacements: Replacement[] = [];
  const add = (file: TreeFile, before: Change | undefined): void => {
    files.push(file);
    if (before?.before !== undefined && before.before !== file.blob)
      replacements.push({ file, before: [before.before] });
  };
  const seen = new Set<string>();
  for (const { path, blob, stage } of entries) {
    if (seen.has(path)) continue;
    seen.add(path);
    const change = changes.get(path);
    // In a conflict there is no version of the index, but that of the disk, with its markers.
    const isMerged = stage === 0;
    if (isMerged && (change === undefined || change.after !== undefined)) {
      add({ path, blob }, change);
      continue;
    }
    const bytes = readFile(io, posix.join(repository.root, path));
    const id = bytes === undefined ? undefined : blobId(bytes, blob);
    if (bytes !== undefined) add({ path, blob: id, bytes }, change);
    // What is staged is another version, which a commit would take.
    if (isMerged && id !== blob && blob !== change?.before) add({ path, blob }, change);
  }
  return { top: repository.root, files, replacements, paths: [...seen] };
}

/** What a commit would take: the files of the index that differ from HEAD. */
export async function stagedTree(repository: Repository, io: Io): Promise<Tree> {
  const head = (await repository.find('HEAD')) ?? (await emptyTree(repository));
  const changes = await repository.changesStaged(head);
  const present = changes.filter(({ after, modeAfter }) => after !== undefined && isRegular(modeAfter));
  const files = present.map(({ path, after }) => ({ path, blob: after }));
  const paths = files.map(({ path }) => path);
  const other = await blobsIn('MERGE_HEAD', paths, repository, io);
  return {
    top: repository.root,
    files,
    replacements: present.flatMap(({ path, before, after }) => {
      const versions = [before, other.get(path)].filter((id) => id !== undefined);
      return versions.length === 0 ? [] : [{ file: { path, blob: after }, before: versions }];
    }),
    paths,
  };
}

/**
 * The versions of files in what git keeps of a merge until its commit: `MERGE_HEAD`, the branch, and `AUTO_MERGE`, what
 * it left in conflicting files (git 2.33).
 */
export async function blobsIn(
  name: 'MERGE_HEAD' | 'AUTO_MERGE',
  paths: readonly string[],
  repository: Repository,
  io: Io,
): Promise<Map<string, string>> {
  // Most commits are no merges: a look is quicker than to ask git.
  if (paths.length === 0 || !io.exists(posix.join(repository.gitFolder, name))) return new Map();
  return new Map((await repository.lsTree(name, paths)).map(({ path, blob }) => [path, blob]));
}

/** A folder outside of git. */
export function folderTree(io: Io, folder: string): Tree {
  const files = io.filesBelow(folder).flatMap((full): TreeFile[] => {
    const bytes = readFile(io, full);
    const path = full.slice(folder.length + 1).replaceAll('\\', '/');
    return bytes === undefined ? [] : [{ path, blob: undefined, bytes }];
  });
  return { top: folder, files, replacements: [], paths: files.map(({ path }) => path) };
}

/** The configurations at and above files. */
export function configPathsFor(paths: readonly string[]): string[] {
  const folders = new Set<string>(['']);
  for (const path of paths)
    for (
      let folder = posix.dirname(path);
      folder !== '.' && !folders.has(folder);
      folder = posix.dirname(folder)
    )
      folders.add(folder);
  return [...folders].map((folder) => posix.join(folder, CONFIG_NAME));
}

/** The bytes of a file of the work tree; `undefined` where it is none, or can't be read. */
export function readFile(io: Io, path: string): Uint8Array | undefined {
  if (!io.isFile(path)) return undefined;
  return attempt(() => io.read(path));
}
