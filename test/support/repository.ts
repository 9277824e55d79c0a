import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execFileSync } from './processes.ts';

/** A real git repository, in a folder of its own. */
export interface TestRepository {
  readonly folder: string;
  path(name: string): string;
  /** Write a file; its folder is made. */
  write(name: string, content: string | Uint8Array): void;
  /** Run git at the top. @returns what it prints */
  git(...args: readonly string[]): string;
  /** Commit all that there is. The commits of one repository are a minute apart. @returns the commit */
  commit(subject: string): string;
  end(): void;
}

/** The time of the first commit. */
const FIRST = Date.UTC(2026, 0, 2, 3, 4, 5);
const MINUTE = 60_000;

/** What git is run with in tests: nothing of the machine's own settings. */
export const GIT_ENVIRONMENT: { readonly [name: string]: string } = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
};

/** @param folder where; a temporary folder if left out */
export function startRepository(folder: string = mkdtempSync(join(tmpdir(), 'sotto-git-'))): TestRepository {
  let commits = 0;
  const path = (name: string): string => join(folder, name);
  const git = (...args: readonly string[]): string => {
    const date = new Date(FIRST + commits * MINUTE).toISOString();
    const env = { ...GIT_ENVIRONMENT, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return execFileSync('git', args, {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  git('init', '-q', '-b', 'main');
  return {
    folder,
    path,
    git,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
    },
    commit: (subject) => {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '--allow-empty-message', '-m', subject);
      commits += 1;
      return git('rev-parse', 'HEAD').trim();
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
