import { dirname, posix } from 'node:path';
import { attemptAsync } from '../errors.ts';
import { openRepository, type Repository } from '../io/git/repository.ts';
import type { Io } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';
import { isEncrypted, type Source } from '../operations/open.ts';
import { pathInRepository } from './git/repository-path.ts';

/** What HEAD has in a folder. */
interface CommittedFolder {
  readonly repository: Repository;
  /** Objects by their paths from the top. */
  readonly objects: ReadonlyMap<string, string>;
}

/** Of many files, git is asked once a folder. */
const FOLDERS = new WeakMap<Io, Map<string, Promise<CommittedFolder | undefined>>>();

/**
 * The version of a file in HEAD, if it is encrypted there; `undefined` where there is none.
 *
 * @param path absolute @param format of the encrypted file
 */
export async function committedVersion(
  io: Io,
  path: string,
  format: Source['format'],
): Promise<Source | undefined> {
  const folders = FOLDERS.get(io) ?? new Map<string, Promise<CommittedFolder | undefined>>();
  FOLDERS.set(io, folders);
  const name = dirname(path);
  const folder = folders.get(name) ?? attemptAsync(() => committedFolder(io, name));
  folders.set(name, folder);
  const found = await folder;
  if (found === undefined) return undefined;
  const { repository, objects } = found;
  return attemptAsync(async () => {
    const id = objects.get(pathInRepository(io, repository, path));
    if (id === undefined) return undefined;
    for await (const { bytes } of repository.catFiles([id])) {
      const source = bytes === undefined ? undefined : { text: decodeUtf8(bytes), format, path };
      return source !== undefined && isEncrypted(source) ? source : undefined;
    }
    return undefined;
  });
}

async function committedFolder(io: Io, folder: string): Promise<CommittedFolder | undefined> {
  const repository = await openRepository(io, folder);
  if (repository.head === undefined) return undefined;
  const path = posix.dirname(pathInRepository(io, repository, posix.join(folder, 'any')));
  const entries = await repository.lsTree(repository.head, path === '.' ? [] : [path]);
  return { repository, objects: new Map(entries.map((entry) => [entry.path, entry.blob])) };
}
