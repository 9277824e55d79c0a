import fs, { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { spawnSync } from './processes.ts';

/** What a folder holds, by path; of a folder in it, `undefined`. */
export type Tree = ReadonlyMap<string, string | undefined>;

/** What SIGKILL would have left behind at some moment. */
export interface Kill {
  /** What was not done any more. */
  readonly at: string;
  readonly left: Tree;
}

/** The number of a process that has ended. */
const DEAD: number = spawnSync(process.execPath, ['--version']).pid;

/** All that is in a folder but what belongs to git. */
export function treeOf(folder: string): Map<string, string | undefined> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    names.flatMap((name): [string, string | undefined][] => {
      if (/^\.git(?:\/|$)/.test(name)) return [];
      const path = join(folder, name);
      return [[name, statSync(path).isDirectory() ? undefined : readFileSync(path, 'utf8')]];
    }),
  );
}

/** Put into a folder what a tree holds. */
export function plant(folder: string, tree: Tree): void {
  for (const [name, content] of tree) {
    const path = join(folder, name);
    mkdirSync(content === undefined ? path : dirname(path), { recursive: true });
    if (content !== undefined) writeFileSync(path, content);
  }
}

/**
 * Do something in this process, and note what it would leave in a folder if SIGKILL met it at each change of the disk
 * (a file made, written, moved or removed): what stood there just before, and of a file that is written, half of it.
 * What it leaves for its process alone bears the number of one that is dead.
 */
export async function killsOf(folder: string, work: () => Promise<unknown>): Promise<Kill[]> {
  const kills: Kill[] = [];
  const note = (at: string): void => {
    const left = [...treeOf(folder)].map(
      ([name, content]) => [name.replace(`.sotto-${process.pid}-`, `.sotto-${DEAD}-`), content] as const,
    );
    kills.push({ at, left: new Map(left) });
  };
  const { mkdirSync, renameSync, rmSync, openSync, writeFileSync } = fs;
  Object.assign(fs, {
    mkdirSync: (...args: Parameters<typeof mkdirSync>) => {
      note('mkdir');
      return mkdirSync(...args);
    },
    renameSync: (...args: Parameters<typeof renameSync>) => {
      note('rename');
      renameSync(...args);
    },
    rmSync: (...args: Parameters<typeof rmSync>) => {
      note('rm');
      rmSync(...args);
    },
    openSync: (...[path, flags = 'r', mode]: Parameters<typeof openSync>) => {
      if (flags !== 'r' && flags !== 0) note('open');
      return openSync(path, flags, mode);
    },
    writeFileSync: (file: number, content: string | Uint8Array) => {
      note('write');
      const half = content.length >> 1;
      writeFileSync(file, content.slice(0, half));
      note('the middle of write');
      writeFileSync(file, content.slice(half));
    },
  });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { mkdirSync, renameSync, rmSync, openSync, writeFileSync });
    syncBuiltinESMExports();
  }
  return [...kills, { at: 'the end', left: treeOf(folder) }];
}
