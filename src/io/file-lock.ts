import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { sockets } from './builtins.ts';
import { type RealFolder, realFolders, targetOf } from './write-target.ts';

/** Milliseconds until nobody is waited for any more: who holds a lock so long may be stopped, or mean harm. */
const LONGEST_WAIT = 30_000;
/** Milliseconds in which a process that has just been killed lets go of its locks. */
const SHORT_WAIT = 500;
/** Milliseconds between two tries; no two processes take the same time. */
const BETWEEN_TRIES = { least: 10, most: 40 };
/** `O_EXLOCK` of macOS and the BSDs (`fcntl.h`), which Node has no name for. */
const EXCLUSIVE_LOCK = 0x20;

type Release = () => void;

/** Locks of this process, by what they are about; of each how many hold it. */
const HELD = new Map<string, { release: Release; holders: number }>();

/**
 * Do something while no other process has one of some files locked. A lock is the system's, and ends with its process,
 * however that ends; nothing is left in any folder. It is advisory: where there are none, or somebody holds one for too
 * long, the work is done without.
 */
export async function withLocks<Result>(
  paths: readonly string[],
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const realFolder = realFolders();
  const numberOf = folderNumbers();
  const subjects = [...new Set(paths.flatMap((path) => subjectOf(path, realFolder, numberOf) ?? []))].sort();
  const deadline = Date.now() + LONGEST_WAIT;
  const releases: Release[] = [];
  try {
    // All in one order, or two processes could wait for each other.
    for (const subject of subjects) releases.push(await hold(subject, deadline));
    return await work();
  } finally {
    for (const release of releases) release();
  }
}

/**
 * Do something while nobody else, in this process or another, does the like; whoever comes second does nothing.
 *
 * @returns `undefined` when somebody else is at it
 */
export async function withSoleLock<Result>(
  path: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const subject = subjectOf(path, realpathSync, folderNumbers());
  // Nothing can be locked here; the work says why, if nothing can be written either.
  if (subject === undefined) return work();
  if (HELD.has(subject)) return undefined;
  const release = await acquire(subject, Date.now() + SHORT_WAIT);
  if (release === undefined) return undefined;
  if (HELD.has(subject)) {
    release();
    return undefined;
  }
  HELD.set(subject, { release, holders: 1 });
  try {
    return await work();
  } finally {
    HELD.delete(subject);
    release();
  }
}

/**
 * What is locked: where locks have names, the file's name in its folder, and the folder by its number, which it has
 * under all of its names; else the path of the folder. `undefined` for what is no file.
 */
function subjectOf(
  path: string,
  realFolder: RealFolder,
  numberOf: (folder: string) => string,
): string | undefined {
  try {
    const target = targetOf(path, realFolder);
    if (target.kind !== 'file') return undefined;
    const folder = dirname(target.path);
    if (!hasNamedLocks()) return realpathSync(folder);
    return createHash('sha256')
      .update(`${numberOf(folder)}:${basename(target.path)}`)
      .digest('hex')
      .slice(0, 40);
  } catch {
    // Writing there fails, with the reason.
    return undefined;
  }
}

/** Looks at each folder once. */
function folderNumbers(): (folder: string) => string {
  const known = new Map<string, string>();
  return (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const { dev, ino } = statSync(folder, { bigint: true });
    known.set(folder, `${dev}:${ino}`);
    return `${dev}:${ino}`;
  };
}

async function hold(subject: string, deadline: number): Promise<Release> {
  const own = HELD.get(subject);
  if (own === undefined) {
    const release = await acquire(subject, deadline);
    if (release === undefined) return () => undefined;
    HELD.set(subject, { release, holders: 0 });
    return hold(subject, deadline);
  }
  own.holders += 1;
  return () => {
    own.holders -= 1;
    if (own.holders > 0) return;
    HELD.delete(subject);
    own.release();
  };
}

/** @returns `undefined` where it can't be had */
async function acquire(subject: string, deadline: number): Promise<Release | undefined> {
  for (;;) {
    const outcome = hasNamedLocks() ? await listenOn(lockName(subject)) : lockFolder(subject);
    if (outcome !== 'taken') return outcome;
    if (Date.now() > deadline) return undefined;
    const { least, most } = BETWEEN_TRIES;
    await new Promise((accept) => setTimeout(accept, least + Math.random() * (most - least)));
  }
}

type Outcome = Release | 'taken' | undefined;

/** Sockets without a place among files: only one process can have a name, and it is free when that has ended. */
function hasNamedLocks(): boolean {
  return process.platform === 'linux' || process.platform === 'win32';
}

function lockName(subject: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\sotto-${subject}` : `\0sotto-${subject}`;
}

function listenOn(path: string): Promise<Outcome> {
  const server = sockets().createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((accept) => {
    server.on('error', (error) => accept(codeOf(error) === 'EADDRINUSE' ? 'taken' : undefined));
    server.listen({ path }, () => accept(() => server.close()));
  });
}

function lockFolder(folder: string): Outcome {
  try {
    const file = openSync(folder, constants.O_RDONLY | constants.O_NONBLOCK | EXCLUSIVE_LOCK);
    return () => closeSync(file);
  } catch (error) {
    return codeOf(error) === 'EAGAIN' || codeOf(error) === 'EWOULDBLOCK' ? 'taken' : undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
