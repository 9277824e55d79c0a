import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { statFields } from '../process-stat.ts';

/** Milliseconds after which a lock is nobody's where its holder can't be looked at: it is held for less than one. */
const LONGEST_HOLD = 10_000;

/** Where processes with the same numbers are the same: a machine, since its start, and a namespace of it. */
let here: string | undefined;

/** This process, as it stands in a lock: its number, when it started, and where. */
export function thisProcess(): string {
  here ??= `${bootOf()} ${namespaceOf()}`;
  return `${process.pid} ${startOf(process.pid) ?? '-'} ${here}`;
}

/**
 * Whether a process that took a lock is there yet. A number alone could be another process's by now.
 *
 * @param lock the path of the lock
 */
export function isHeld(holder: string, lock: string): boolean {
  const [pid = '', start = '', ...where] = holder.split(' ');
  const own = thisProcess().split(' ').slice(2);
  const known = startOf(Number(pid));
  if (where.join(' ') === own.join(' ') && start !== '-') return known === start;
  if (where.join(' ') === own.join(' ') && !isThere(Number(pid))) return false;
  const made = lstatSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made < LONGEST_HOLD;
}

/** When a process started; `undefined` for one that is no more, or has ended and is only not yet collected. */
function startOf(pid: number): string | undefined {
  const fields = statFields(pid);
  const [state] = fields ?? [];
  return state === 'Z' || state === 'X' ? undefined : fields?.[19];
}

/** Where the system does not tell when it started. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function bootOf(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '-';
  }
}

function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '-';
  }
}
