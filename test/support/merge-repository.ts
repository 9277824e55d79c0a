import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTORS } from './cases.ts';
import { spawnSync } from './processes.ts';
import { COMMAND } from './program.ts';
import { GIT_ENVIRONMENT, startRepository, type TestRepository } from './repository.ts';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
}

/** A repository in which git merges by the driver, as a user's does. */
export interface MergeRepository extends TestRepository {
  /** Run git, which may fail. */
  try(args: readonly string[], environment?: { readonly [name: string]: string }): Ended;
  /** Run sotto in the repository. */
  sotto(args: readonly string[], environment?: { readonly [name: string]: string }): Ended;
  read(name: string): string;
  /** On a new branch from a commit: write files, and commit. */
  branch(name: string, from: string, files: { readonly [name: string]: string }): string;
}

export const ALICE: string = join(VECTORS, 'keys/age-alice.txt');
export const BOB: string = join(VECTORS, 'keys/age-bob.txt');

const SET_UP = `r=$?; if [ $r -gt 1 ]; then git merge-file --marker-size=%L %A %O %B; r=$?; fi; exit $r`;

/** What "sotto init" writes. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['merge.sotto.name', 'merge of encrypted values'],
  ['merge.sotto.driver', `sotto merge-driver %O %A %B %L %P %S %X %Y; ${SET_UP}`],
  ['merge.sotto.recursive', 'sotto-virtual'],
  ['merge.sotto-virtual.driver', 'sotto merge-driver %O %A %B %L %P %S %X %Y --virtual || cp %O %A'],
];

/** @param patterns of the files that the driver merges */
export function startMergeRepository(patterns = 'secrets/**'): MergeRepository {
  const repository = startRepository();
  const { folder, git, path, write, commit } = repository;
  const bin = join(folder, '.git', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'sotto'), `#!/bin/sh\nexec ${COMMAND.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(join(bin, 'sotto'), 0o755);
  for (const [name, value] of SETTINGS) git('config', name, value);
  write('.gitattributes', `${patterns} -text merge=sotto\n`);
  commit('Merge secrets by sotto');
  let minute = 100;
  const environment = (more: { readonly [name: string]: string }): { [name: string]: string } => {
    minute += 1;
    const date = new Date(Date.UTC(2026, 0, 2, 3, minute)).toISOString();
    return {
      ...GIT_ENVIRONMENT,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      TMPDIR: join(folder, '.git'),
      SOPS_AGE_KEY_FILE: ALICE,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      GIT_EDITOR: 'true',
      ...more,
    };
  };
  const run = (
    program: string,
    args: readonly string[],
    more: { readonly [name: string]: string } = {},
  ): Ended => {
    const { status, stdout, stderr } = spawnSync(program, [...args], {
      cwd: folder,
      env: environment(more),
      encoding: 'utf8',
    });
    return { status, out: stdout + stderr };
  };
  return {
    ...repository,
    read: (name) => readFileSync(path(name), 'utf8'),
    try: (args, more) => run('git', args, more),
    sotto: (args, more) => run(join(bin, 'sotto'), args, more),
    branch: (name, from, files) => {
      git('checkout', '-q', '-B', name, from);
      for (const [file, content] of Object.entries(files)) write(file, content);
      return commit(`Change on ${name}`);
    },
  };
}

/** All that git and the program have left anywhere below a folder: objects unpacked, logs, rr-cache, notes, temporary files. */
export function everythingIn({ folder, try: run }: MergeRepository): string {
  const files = (below: string): string[] =>
    readdirSync(below, { withFileTypes: true }).flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? files(path) : entry.isFile() ? [path] : [];
    });
  const objects = run(['cat-file', '--batch-all-objects', '--batch', '--unordered']).out;
  return [objects, ...files(folder).map((path) => readFileSync(path, 'latin1'))].join('\n');
}
