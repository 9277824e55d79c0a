import { readdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isHeld, thisProcess } from './holder.ts';

/** The right to write one record of a chain. */
export interface Turn {
  /** Give it back, when the record is written, or will not be. */
  end(): void;
}

/**
 * Take the turn to write a record, by a link that only one process can make (`FILE.turn-NUMBER-ATTEMPT`). If its holder has
 * died, the next attempt is another name: no lock of somebody else is ever taken away, which two could do at once. Whoever
 * has a turn looks at the chain again: if the record is there by now, the turn was over before it was taken.
 *
 * @returns `undefined` if somebody else has it
 */
export function takeTurn(path: string, number: number): Turn | undefined {
  const before: string[] = [];
  for (let attempt = 0; ; attempt += 1) {
    const lock = `${path}.turn-${number}-${attempt}`;
    // Mostly nobody has it, so that is tried before it is looked at.
    if (isMade(lock)) return { end: () => [...before, lock].forEach(removeIfThere) };
    const holder = holderOf(lock);
    if (holder === undefined || isHeld(holder, lock)) return undefined;
    before.push(lock);
  }
}

/** @returns false if it was there */
function isMade(lock: string): boolean {
  try {
    if (process.platform === 'win32') writeFileSync(lock, thisProcess(), { flag: 'wx', mode: 0o600 });
    else symlinkSync(thisProcess(), lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A link says who made it with its target, and is there as a whole or not at all. */
function holderOf(lock: string): string | undefined {
  try {
    return process.platform === 'win32' ? readFileSync(lock, 'utf8') : readlinkSync(lock);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Remove what processes left that died with a turn for a record that is written by now. @param last the last record */
export function sweepTurns(path: string, last: number): void {
  const prefix = `${basename(path)}.turn-`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    if (Number(name.slice(prefix.length).split('-', 1)[0]) <= last) removeIfThere(join(dirname(path), name));
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
