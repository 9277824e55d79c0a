import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { findConfig } from '../../config/find.ts';
import { SottoError } from '../../errors.ts';
import type { Blobs } from '../../io/git/blobs.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { lifecycleFindings, policyFindings } from '../lifecycle/gate.ts';
import { Cache } from './cache.ts';
import { dropped } from './commits.ts';
import { checkConfigs } from './config-check.ts';
import { Examination, type Examined } from './examination.ts';
import { leftReaders } from './left-readers.ts';
import { limited, untrackedIn, within } from './limits.ts';
import { checkMacs } from './mac-check.ts';
import { plaintextInHistory, plaintextInStash } from './past.ts';
import { checkRange } from './range.ts';
import { Readers } from './readers.ts';
import { checkRequests } from './requests.ts';
import type { CheckOptions, CheckResult, Raw, Scope } from './result.ts';
import { CONFIG_NAME, isConfig, Rulebook, textOf } from './rulebook.ts';
import { checkSetup } from './setup-check.ts';
import { droppedSide } from './sides.ts';
import { stagedState, stateAt } from './state.ts';
import {
  blobsIn,
  configPathsFor,
  folderTree,
  readFile,
  readFiles,
  stagedTree,
  type Tree,
  type TreeFile,
  workTree,
} from './tree.ts';
import { decryptedTwins } from './twins.ts';
import { Versions } from './versions.ts';

/**
 * Check a repository, or a folder, without keys as far as that goes.
 *
 * @throws SottoError where it can't be checked: `git-failed`, `not-a-repository`, `input-invalid`, `usage`
 */
export async function check(options: CheckOptions, io: Io): Promise<CheckResult> {
  const { scope } = options;
  const repository = await repositoryAround(io, scope);
  if (repository === undefined) return limited(await checkFolder(options, io), options, undefined, io);
  const blobs = repository.blobs();
  try {
    const isRange = scope.kind === 'since' || scope.kind === 'pre-push';
    const raw = isRange
      ? await checkRange(scope, repository, blobs, io)
      : await checkTree(scope, options, repository, blobs, io);
    return await limited(raw, options, repository, io);
  } finally {
    blobs.end();
  }
}

/** Without git only files are checked, and that is a folder's right; what is about commits has to have one. */
async function repositoryAround(io: Io, { kind }: Scope): Promise<Repository | undefined> {
  try {
    return await openRepository(io);
  } catch (error) {
    const isOutside =
      error instanceof SottoError && (error.code === 'not-a-repository' || error.code === 'git-missing');
    if (isOutside && kind === 'tree') return undefined;
    throw error;
  }
}

async function checkFolder({ keys }: CheckOptions, io: Io): Promise<Raw> {
  const above = findConfig(io, undefined).path;
  const tree = folderTree(io, above === undefined ? io.folder : posix.dirname(above));
  const texts = new Map<string, string>();
  if (above !== undefined) texts.set(CONFIG_NAME, textOf(readFile(io, above)));
  for (const { path, bytes } of tree.files) if (isConfig(path)) texts.set(path, textOf(bytes));
  const { rulebook, readers, examination } = toolsFor(tree.top, texts, io);
  const all = new Map<TreeFile, Examined>();
  for (const file of tree.files)
    if (file.bytes !== undefined) all.set(file, await examination.examine(file.path, file.bytes));
  const macs = await checkMacs(all, keys, examination, io, readFiles);
  const findings = [
    ...[...all.values()].flatMap((examined) => examined.findings),
    ...macs.findings,
    ...decryptedTwins(all),
    ...(await checkConfigs(rulebook, readers, tree.paths)),
  ];
  return { findings, rulebook, files: tree.files.length, macs: macs.state, top: tree.top };
}

async function checkTree(
  scope: Scope,
  { keys, paths, ages, version }: CheckOptions,
  repository: Repository,
  blobs: Blobs,
  io: Io,
): Promise<Raw> {
  const isWhole = scope.kind === 'tree';
  const tree = isWhole ? await workTree(repository, io) : await stagedTree(repository, io);
  const texts = await configTexts(tree, isWhole, repository, blobs, io);
  const tools = toolsFor(tree.top, texts, io);
  const { rulebook, readers, examination } = tools;
  const sources = [version, ...[...texts].flat()];
  // What a commit would take is looked at again each time: nothing that was kept may let a key through.
  const cache = isWhole ? new Cache(io, repository.commonFolder, sources) : undefined;
  const wanted = isWhole ? tree.files.filter(within(paths, repository)) : tree.files;
  const all = await examineAll(wanted, examination, cache, blobs);
  const versions = new Versions(blobs, examination, rulebook);
  const read = async ({ blob, bytes }: TreeFile): Promise<Uint8Array | undefined> =>
    bytes ?? (blob === undefined ? undefined : versions.bytes(blob));
  const macs = await checkMacs(all, keys && isWhole, examination, io, (files) => readFiles(files, blobs));
  for (const [{ path, blob }, examined] of macs.checked)
    if (blob !== undefined) cache?.keep(path, blob, examined);
  const findings = [
    ...[...all].flatMap(([file, examined]) => (macs.checked.get(file) ?? examined).findings),
    ...(await compareAll(tree, isWhole, repository, versions, io)),
    ...decryptedTwins(all),
    ...(await checkRequests(wanted, read, rulebook, repository, io)),
    ...(isWhole
      ? await checkSurroundings(tree, all, { ...tools, ages, cache, repository, io })
      : await stagedConfigs(tree, { rulebook, readers, versions, repository, blobs })),
  ];
  await cache?.save();
  const untracked = isWhole ? await untrackedIn(repository, paths) : undefined;
  return { findings, rulebook, files: wanted.length, untracked, macs: macs.state, top: tree.top };
}

/** What is found in no file alone: configuration, set-up, history, stashes. */
async function checkSurroundings(
  tree: Tree,
  all: ReadonlyMap<TreeFile, Examined>,
  {
    rulebook,
    readers,
    examination,
    ages,
    cache,
    repository,
    io,
  }: Tools & { ages: boolean; cache: Cache | undefined; repository: Repository; io: Io },
): Promise<Finding[]> {
  const of = (...kinds: readonly string[]): string[] =>
    [...all].flatMap(([{ path }, { kind }]) => (kinds.includes(kind) ? [path] : []));
  const sealed = of('sealed');
  const secret = new Set(of('sealed', 'exposed'));
  const head = await repository.find('HEAD');
  const known = new Set(
    [...all].flatMap(([{ blob }, { kind }]) => (kind === 'sealed' && blob !== undefined ? [blob] : [])),
  );
  const look = (range: string): Promise<Finding[]> =>
    plaintextInHistory(repository, range, secret, known, examination);
  const place = { top: tree.top, rulebook, examination, repository };
  const past = head === undefined ? [] : await pastOf(head, secret, repository, cache, look);
  return [
    ...(await checkConfigs(rulebook, readers, tree.paths)),
    ...(await (ages ? lifecycleFindings([...all.keys()], place, io) : policyFindings(place, io))),
    ...(await checkSetup(repository, rulebook, sealed, io)),
    ...past,
    ...(await plaintextInStash(repository, secret, examination)),
  ];
}

/** What was found in the history before, and what commits since then add to it; all anew where the files are others. */
async function pastOf(
  head: string,
  files: ReadonlySet<string>,
  repository: Repository,
  cache: Cache | undefined,
  look: (range: string) => Promise<Finding[]>,
): Promise<readonly Finding[]> {
  const paths = hashOf([...files].sort());
  const kept = cache?.history?.paths === paths ? cache.history : undefined;
  if (kept?.head === head) return kept.findings;
  const isBehind =
    kept !== undefined &&
    (await repository.try(['merge-base', '--is-ancestor', kept.head, head])).status === 0;
  const before = isBehind ? kept.findings : [];
  const added = await look(isBehind ? `${kept.head}..${head}` : head);
  const findings = [...before, ...added.filter(({ file }) => !before.some((one) => one.file === file))];
  cache?.keepHistory({ head, paths, findings });
  return findings;
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex');
}

/** Of configurations that are to be committed, what they say alone, and files that do not follow them. */
async function stagedConfigs(
  tree: Tree,
  {
    rulebook,
    readers,
    versions,
    repository,
    blobs,
  }: Pick<Tools, 'rulebook' | 'readers'> & { versions: Versions; repository: Repository; blobs: Blobs },
): Promise<Finding[]> {
  const staged = new Set(tree.paths);
  if (!tree.paths.some(isConfig)) return [];
  const findings = await checkConfigs(rulebook, readers, []);
  const before = await stateAt(await repository.find('HEAD'), repository, blobs);
  const after = await stagedState(repository, blobs);
  return [
    ...findings.filter(({ file, rule }) => staged.has(file) && rule !== 'rule-unused'),
    // What is staged itself was looked at already.
    ...(await leftReaders(before, after, { readers, versions })).filter(({ file }) => !staged.has(file)),
  ];
}

interface Tools {
  readonly rulebook: Rulebook;
  readonly readers: Readers;
  readonly examination: Examination;
}

function toolsFor(top: string, texts: ReadonlyMap<string, string>, io: Io): Tools {
  const rulebook = new Rulebook(top, texts);
  const readers = new Readers(io);
  return { rulebook, readers, examination: new Examination(rulebook, readers) };
}

/** The configurations of a tree: as they are in it, or at its top on the disk where git does not have that one. */
async function configTexts(
  tree: Tree,
  isWhole: boolean,
  repository: Repository,
  blobs: Blobs,
  io: Io,
): Promise<Map<string, string>> {
  const files: readonly TreeFile[] = isWhole
    ? tree.files.filter(({ path }) => isConfig(path))
    : await repository.lsFiles(configPathsFor(tree.paths));
  const texts = new Map<string, string>();
  for (const { path, blob, bytes } of files)
    if (!texts.has(path))
      texts.set(path, textOf(bytes ?? (blob === undefined ? undefined : await blobs.read(blob))));
  const own = texts.has(CONFIG_NAME) ? undefined : readFile(io, posix.join(tree.top, CONFIG_NAME));
  if (own !== undefined) texts.set(CONFIG_NAME, textOf(own));
  return texts;
}

async function examineAll(
  files: readonly TreeFile[],
  examination: Examination,
  cache: Cache | undefined,
  blobs: Blobs,
): Promise<Map<TreeFile, Examined>> {
  const all = new Map<TreeFile, Examined>();
  const unknown: TreeFile[] = [];
  for (const file of files) {
    const known = file.blob === undefined ? undefined : cache?.find(file.path, file.blob);
    if (known === undefined) unknown.push(file);
    else all.set(file, known);
  }
  for await (const { file, bytes } of readFiles(unknown, blobs)) {
    if (bytes === undefined) continue;
    const examined = await examination.examine(file.path, bytes);
    all.set(file, examined);
    if (file.blob !== undefined) cache?.keep(file.path, file.blob, examined);
  }
  return all;
}

async function compareAll(
  tree: Tree,
  isWhole: boolean,
  repository: Repository,
  versions: Versions,
  io: Io,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const conflicts = isWhole
    ? new Map<string, string>()
    : await blobsIn('AUTO_MERGE', tree.paths, repository, io);
  for (const replacement of tree.replacements)
    findings.push(...(await versions.compare(replacement, conflicts.get(replacement.file.path))));
  if (isWhole || !io.exists(posix.join(repository.gitFolder, 'MERGE_HEAD'))) return findings;
  const [ours, theirs] = await Promise.all([repository.find('HEAD'), repository.find('MERGE_HEAD')]);
  const sides =
    ours === undefined || theirs === undefined
      ? []
      : await droppedSide(repository, ours, theirs, undefined, versions);
  return [...findings, ...sides.map(dropped)];
}
