import type { Repository } from '../../io/git/repository.ts';
import { halvesOf } from '../../text/conflict-markers.ts';

/** The versions of a file whose merge has conflicts. */
export interface FileVersions {
  readonly base: Uint8Array | undefined;
  /** Left out where this side deleted the file. */
  readonly ours: Uint8Array | undefined;
  readonly theirs: Uint8Array | undefined;
  readonly labels: { readonly ours: string; readonly theirs: string };
  /** The index has them: the file counts as conflicted. */
  readonly isStaged: boolean;
}

/** Where git notes what is being merged in. */
const INCOMING = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'REBASE_HEAD'] as const;

/** The blobs of the three stages. */
type Stages = readonly [base: string | undefined, ours: string | undefined, theirs: string | undefined];

/**
 * Find the versions of a file: in the index; or what it had before the file was added; or in what is merged, or was
 * merged last.
 *
 * @param path from the top of the work tree
 * @param text of the file in the work tree: the last resort are its halves
 */
export async function findVersions(
  repository: Repository | undefined,
  path: string,
  text: string | undefined,
): Promise<FileVersions | undefined> {
  const halves = text === undefined ? undefined : halvesOf(text);
  if (repository !== undefined) {
    const staged = await stagesOf(repository, path);
    const stages =
      staged ?? (await undoneOf(repository, path)) ?? (halves && (await mergedOf(repository, path)));
    if (stages !== undefined) {
      const [base, ours, theirs] = await bytesOf(repository, stages);
      return {
        base,
        ours,
        theirs,
        labels: await labelsOf(repository, path, halves?.labels),
        isStaged: staged !== undefined,
      };
    }
  }
  if (halves === undefined) return undefined;
  const { ours, theirs, labels } = halves;
  return { base: undefined, ours: Buffer.from(ours), theirs: Buffer.from(theirs), labels, isStaged: false };
}

async function stagesOf(repository: Repository, path: string): Promise<Stages | undefined> {
  const entries = (await repository.lsFiles([path])).filter(({ stage }) => stage > 0);
  if (entries.length === 0) return undefined;
  const at = (wanted: number): string | undefined => entries.find(({ stage }) => stage === wanted)?.blob;
  return [at(1), at(2), at(3)];
}

/** The files whose conflict git takes for solved; from the top of the work tree. */
export async function undonePaths(repository: Repository): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  for await (const record of repository.records(['ls-files', '--resolve-undo', '-z']))
    paths.add(record.slice(record.indexOf('\t') + 1));
  return paths;
}

/** What the index had before the conflict was taken for solved (git-ls-files(1), `--resolve-undo`). */
async function undoneOf(repository: Repository, path: string): Promise<Stages | undefined> {
  const blobs = new Map<string, string>();
  for await (const record of repository.records(['ls-files', '--resolve-undo', '-z', '--', path])) {
    const [, blob, stage] = /^\d+ (\w+) (\d)\t/.exec(record) ?? [];
    if (blob !== undefined && stage !== undefined) blobs.set(stage, blob);
  }
  return blobs.has('2') && blobs.has('3') ? [blobs.get('1'), blobs.get('2'), blobs.get('3')] : undefined;
}

/** The versions of what is being merged; or of what HEAD merged. */
async function mergedOf(repository: Repository, path: string): Promise<Stages | undefined> {
  const merging = await repository.find('MERGE_HEAD');
  const [ours, theirs] = merging === undefined ? ['HEAD^1', 'HEAD^2'] : ['HEAD', merging];
  const [mine, other] = [
    await repository.find(`${ours}:${path}`),
    await repository.find(`${theirs}:${path}`),
  ];
  if (mine === undefined || other === undefined) return undefined;
  const { status, stdout } = await repository.try(['merge-base', ours ?? '', theirs ?? '']);
  const common = status === 0 ? Buffer.from(stdout).toString().trim() : '';
  return [common === '' ? undefined : await repository.find(`${common}:${path}`), mine, other];
}

async function bytesOf(repository: Repository, stages: Stages): Promise<(Uint8Array | undefined)[]> {
  const blobs = repository.blobs();
  try {
    const found: (Uint8Array | undefined)[] = [];
    for (const id of stages) found.push(id === undefined ? undefined : await blobs.read(id));
    return found;
  } finally {
    blobs.end();
  }
}

/** Names of both sides, with who changed the file last, and when. */
async function labelsOf(
  repository: Repository,
  path: string,
  marked: { readonly ours: string; readonly theirs: string } | undefined,
): Promise<FileVersions['labels']> {
  let incoming: string | undefined;
  for (const name of INCOMING) if ((await repository.find(name)) !== undefined) incoming ??= name;
  return {
    ours: await labelled(repository, path, 'HEAD', marked?.ours),
    theirs:
      incoming === undefined
        ? (marked?.theirs ?? 'theirs')
        : await labelled(repository, path, incoming, marked?.theirs),
  };
}

async function labelled(
  repository: Repository,
  path: string,
  revision: string,
  marked = revision,
): Promise<string> {
  const { status, stdout } = await repository.try(['log', '-1', '--format=%an, %as', revision, '--', path]);
  const who = status === 0 ? Buffer.from(stdout).toString().trim() : '';
  const name = marked === '' ? revision : marked;
  // What somebody wrote as a name must not look like a marker, nor move the cursor.
  return who === '' ? name : `${name}  (${who.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')})`;
}
