import { closeSync, constants, mkdirSync, readdirSync, renameSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { tailOf } from './lines.ts';
import { type Link, numberIn, printLine, sha256 } from './link.ts';
import { openRegular } from './regular.ts';
import { sweepTurns, takeTurn } from './turn.ts';

/** Bytes at which a file is put aside, and a new one begun. */
export const ROTATION_SIZE: number = 64 * 1024 * 1024;
/** Milliseconds between two tries for a turn. */
const BETWEEN_TRIES = { least: 0.2, most: 3 };
/** After so many records, locks are looked for that nobody needs any more. */
const BETWEEN_SWEEPS = 128;

const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

/** How a record is appended. */
export interface AppendOptions {
  /** Milliseconds until it is given up. */
  readonly timeout: number;
  /** {@link ROTATION_SIZE} unless given. */
  readonly rotationSize?: number;
}

/**
 * Append a record to a chain: a file of JSON lines, each with the SHA-256 of the one before. Many processes may do so at
 * once, and each may be ended at any moment: what is left then is half a line at most, which the next record vouches for.
 * The folder has mode 0700 if it is made, the file 0600.
 *
 * @throws Error
 */
export async function appendRecord(
  path: string,
  record: { readonly [field: string]: unknown },
  { timeout, rotationSize = ROTATION_SIZE }: AppendOptions,
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!appendNow(path, record, rotationSize)) {
    if (Date.now() > deadline) throw new Error('others are writing there without end');
    const { least, most } = BETWEEN_TRIES;
    await new Promise((accept) => setTimeout(accept, least + Math.random() * (most - least)));
  }
}

/** @returns false if somebody else is about to write */
function appendNow(
  path: string,
  record: { readonly [field: string]: unknown },
  rotationSize: number,
): boolean {
  const { seq: before, isHere } = endOf(path);
  if (!isHere) makeFolder(dirname(path));
  const seq = before + 1;
  const turn = takeTurn(path, seq);
  if (turn === undefined) return false;
  try {
    const end = endOf(path);
    if (end.seq + 1 !== seq) return false;
    const isFull = end.isHere && end.size >= rotationSize && !end.isHalf;
    if (isFull) renameSync(path, `${path}.${end.seq}`);
    const line = printLine(record, { seq, prev: end.hash, mended: end.isHalf && end.isBroken });
    write(path, `${end.isHalf ? '\n' : ''}${line}\n`);
    if (seq % BETWEEN_SWEEPS === 0) sweepTurns(path, seq);
    return true;
  } finally {
    turn.end();
  }
}

/** In one call, which a signal does not part. */
function write(path: string, text: string): void {
  const { file } = openRegular(path, FLAGS, 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  } finally {
    closeSync(file);
  }
}

/** The end of a chain. */
interface End {
  /** The number of the last record; 0 where there is none. */
  readonly seq: number;
  readonly hash: Link['prev'];
  /** The last line has no line break. */
  readonly isHalf: boolean;
  /** The last line is no record. */
  readonly isBroken: boolean;
  /** It is the end of the file itself, and not of one that was put aside. */
  readonly isHere: boolean;
  readonly size: number;
}

function endOf(path: string): End {
  const own = endIn(path);
  if (own !== undefined) return { ...own, isHere: true };
  for (const file of setAside(path).reverse()) {
    const end = endIn(file);
    if (end !== undefined) return { ...end, isHalf: false, isBroken: false, isHere: false };
  }
  return { seq: 0, hash: null, isHalf: false, isBroken: false, isHere: false, size: 0 };
}

/** @returns `undefined` where there is nothing */
function endIn(path: string): Omit<End, 'isHere'> | undefined {
  const tail = tailOf(path, numberIn);
  if (tail?.last === undefined) return undefined;
  const { last, found: seq = 0, isLast, size } = tail;
  return { seq, hash: sha256(last.bytes), isHalf: !last.isEnded, isBroken: !isLast, size };
}

/** One after the other: below /proc, where there can be no folder, Node tries for ever to make several at once. */
function makeFolder(folder: string, isAboveThere = false): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || isAboveThere || dirname(folder) === folder) throw error;
    makeFolder(dirname(folder));
    makeFolder(folder, true);
  }
}

/** The files that were put aside for a chain, the oldest first: `FILE.NUMBER`, with the number of their last record. */
export function setAside(path: string): string[] {
  const prefix = `${basename(path)}.`;
  const numberOf = (name: string): number => Number(name.slice(prefix.length));
  return namesIn(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d*$/.test(name.slice(prefix.length)))
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((name) => join(dirname(path), name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
