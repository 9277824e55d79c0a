import { readFileSync, rmSync } from 'node:fs';
import { GIT_ENVIRONMENT, startRepository, type TestRepository } from './repository.ts';
import { type Session, startSession, type World } from './session.ts';
import { RECIPIENTS } from './terminal.ts';

/** A git repository in which command lines run. */
export interface GitSession extends Session, Pick<TestRepository, 'git'> {
  /** Write files, with the folders above them; `undefined` removes one. */
  put(files: Files): void;
  /** {@link put}, and commit all that there is. @returns the commit */
  commit(files: Files): string;
}

interface Files {
  readonly [path: string]: string | Uint8Array | undefined;
}

/** Start a repository without a commit. Nothing of the machine's own settings reaches into it. */
export function startGitSession(environment: { readonly [name: string]: string } = {}): GitSession {
  const { PATH: _, HOME: __, ...git } = GIT_ENVIRONMENT;
  const session = startSession({ ...git, ...environment });
  const repository = startRepository(session.folder);
  const put = (files: Files): void => {
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) rmSync(session.path(path));
      else repository.write(path, content);
    }
  };
  return {
    ...session,
    git: repository.git,
    put,
    commit: (files) => {
      put(files);
      return repository.commit('change');
    },
  };
}

/** The recipients that everybody in tests knows. */
export const ALICE: string = RECIPIENTS['ALICE'] ?? '';
export const BOB: string = RECIPIENTS['BOB'] ?? '';
export const CAROL: string = RECIPIENTS['CAROL'] ?? '';

/** What surrounds somebody who has the key of one of them. */
export function as(name: 'alice' | 'bob' | 'carol'): Pick<World, 'environment'> {
  const key = readFileSync(new URL(`../vectors/keys/age-${name}.txt`, import.meta.url), 'utf8');
  return { environment: { SOPS_AGE_KEY: key } };
}
