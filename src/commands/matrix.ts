import { attempt, attemptAsync, SottoError } from '../errors.ts';
import type { Commit } from '../io/git/log.ts';
import { openRepository, type Repository } from '../io/git/repository.ts';
import type { Io } from '../io/io.ts';
import { OpenedKeys } from '../keys/opened-keys.ts';
import { LastChanges } from '../operations/compare/last-changes.ts';
import { matrixOf, placeKey, type Row } from '../operations/compare/matrix.ts';
import { readVersion, type Version } from '../operations/compare/version.ts';
import { readEncrypted } from '../operations/open.ts';
import { type Environment, environmentsBy, environmentsOf } from './environments.ts';
import { pathInRepository } from './git/repository-path.ts';
import { VersionReader } from './git/version-reader.ts';
import { type CommonOptions, type Tools, toolsOf } from './settings.ts';
import { readSource, withFileInErrors } from './source.ts';

/** Options of `matrix`. */
export interface MatrixOptions extends CommonOptions {
  readonly files: readonly string[];
  /** A pattern with `{env}`, instead of files. */
  readonly by?: string | undefined;
}

/** The commit that gave a value what it has. */
export interface ValueChange {
  readonly commit: string;
  readonly date: string;
  readonly author: string;
}

/** Values of environments, side by side. */
export interface Matrix {
  readonly environments: readonly Environment[];
  readonly rows: readonly (Row & { readonly changes: readonly (ValueChange | undefined)[] })[];
  /** Files that no key here opens. */
  readonly closed: readonly string[];
}

/** Compare the files of environments. Nothing of a value is in it but whether it is the same as another one. */
export async function matrix(options: MatrixOptions, io: Io): Promise<Matrix> {
  const { files, by } = options;
  if ((by === undefined) === (files.length === 0)) {
    throw new SottoError('usage', 'matrix takes files, or --by a pattern', {
      exit: 2,
      hint: "sotto matrix secrets/dev.yaml secrets/prod.yaml, or sotto matrix --by 'secrets/{env}.yaml'",
    });
  }
  const environments = by === undefined ? environmentsOf(files) : environmentsBy(by, io);
  const tools = toolsOf(io, options);
  const keys = new OpenedKeys(tools.keyring);
  const versions: Version[] = [];
  for (const { file } of environments) versions.push(await versionOf(file, options, tools, keys, io));
  const changes = await changesOf(environments, versions, tools, keys, io);
  return {
    environments,
    rows: matrixOf(versions).map((row) => {
      const key = placeKey(row.document, row.path);
      return { ...row, changes: changes.map((file) => file?.commitOf(key)) };
    }),
    closed: environments.flatMap(({ file }, index) =>
      versions[index]?.metadata !== undefined && versions[index]?.opened === undefined ? [file] : [],
    ),
  };
}

async function versionOf(
  file: string,
  options: CommonOptions,
  { configurations }: Tools,
  keys: OpenedKeys,
  io: Io,
): Promise<Version> {
  return withFileInErrors(file, async () => {
    const source = await readSource(io, { ...options, file, name: file }, configurations, 'open');
    readEncrypted(source);
    return readVersion(source, keys);
  });
}

/** For each file the commits that made its values; `undefined` where git knows nothing of it. */
async function changesOf(
  environments: readonly Environment[],
  versions: readonly Version[],
  { configurations }: Tools,
  keys: OpenedKeys,
  io: Io,
): Promise<(LastChanges<ValueChange> | undefined)[]> {
  // Without git, there are no dates.
  const repository = await attemptAsync(() => openRepository(io));
  if (repository === undefined) return versions.map(() => undefined);
  const blobs = repository.blobs();
  const reader = new VersionReader(io, repository.root, { configurations, keys, blobs });
  const found = new Map<string, LastChanges<ValueChange>>();
  const all = environments.map(({ file }, index) => {
    const version = versions[index];
    const path = attempt(() => pathInRepository(io, repository, file));
    if (version === undefined || path === undefined) return undefined;
    const changes = found.get(path) ?? new LastChanges<ValueChange>(version);
    found.set(path, changes);
    return changes;
  });
  try {
    if (found.size > 0) await goBack(repository, reader, found);
  } finally {
    blobs.end();
  }
  return all;
}

async function goBack(
  repository: Repository,
  reader: VersionReader,
  files: ReadonlyMap<string, LastChanges<ValueChange>>,
): Promise<void> {
  if ((await repository.find('HEAD^{commit}')) === undefined) return;
  for await (const commit of repository.log(['HEAD'], [...files.keys()])) {
    for (const change of commit.changes) {
      const file = files.get(change.path);
      if (file === undefined || file.isDone || change.after === undefined) continue;
      const after = await versionIn(reader, change.path, change.after);
      if (after !== undefined)
        file.goBack(await versionIn(reader, change.path, change.before), after, changeOf(commit));
    }
    if ([...files.values()].every(({ isDone }) => isDone)) return;
  }
}

function changeOf({ id, date, author }: Commit): ValueChange {
  return { commit: id, date, author };
}

/** A version that can't be read has nothing to say. */
async function versionIn(
  reader: VersionReader,
  path: string,
  id: string | undefined,
): Promise<Version | undefined> {
  if (id === undefined) return undefined;
  return attemptAsync(async () => {
    const bytes = await reader.bytes(path, id);
    return bytes === undefined ? undefined : await reader.version(path, id, bytes);
  });
}
