import type { Blobs } from '../../io/git/blobs.ts';
import type { IndexEntry, Repository } from '../../io/git/repository.ts';
import { isConfig, Rulebook, textOf } from './rulebook.ts';
import { isRegular } from './tree.ts';

/** The files and rules of one commit. */
export interface State {
  readonly rulebook: Rulebook;
  /** Objects of regular files by their paths. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** @param commit `undefined` where there is none yet */
export async function stateAt(
  commit: string | undefined,
  repository: Repository,
  blobs: Blobs,
): Promise<State> {
  return stateOf(commit === undefined ? [] : await repository.lsTree(commit), repository, blobs);
}

/** What a commit of the index would be. */
export async function stagedState(repository: Repository, blobs: Blobs): Promise<State> {
  return stateOf(await repository.lsFiles(), repository, blobs);
}

async function stateOf(entries: readonly IndexEntry[], repository: Repository, blobs: Blobs): Promise<State> {
  // A file in conflict has no version that would be committed.
  const files = entries.filter(({ mode, stage }) => isRegular(mode) && stage === 0);
  const texts = new Map<string, string>();
  for (const { path, blob } of files) if (isConfig(path)) texts.set(path, textOf(await blobs.read(blob)));
  return {
    rulebook: new Rulebook(repository.root, texts),
    blobs: new Map(files.map(({ path, blob }) => [path, blob])),
  };
}
