import { readdirSync } from 'node:fs';
import { statFields } from './process-stat.ts';
import { runSystemProgram } from './system-program.ts';
import { isAlive } from './work-folders.ts';

/** A process, and what tells it from a later one with the same number; nothing where the system does not say. */
export interface KnownProcess {
  readonly pid: number;
  readonly begun: string | undefined;
}

interface ListedProcess extends KnownProcess {
  readonly parent: number;
}

/** The descendants of a process; those whose parent has ended are not found. */
export function descendantsOf(pid: number): KnownProcess[] {
  const all = process.platform === 'linux' ? listProc() : listWithPs();
  const below = (above: number): KnownProcess[] =>
    all.filter(({ parent }) => parent === above).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

/** Whether a process has not ended yet. */
export function isRunning({ pid, begun }: KnownProcess): boolean {
  return begun === undefined ? isAlive(pid) : readStat(pid)?.begun === begun;
}

function listProc(): ListedProcess[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []));
}

function readStat(pid: number): ListedProcess | undefined {
  const fields = statFields(pid);
  if (fields === undefined || fields[0] === 'Z') return undefined;
  return { pid, parent: Number(fields[1]), begun: fields[19] };
}

function listWithPs(): ListedProcess[] {
  const listing = runSystemProgram('ps', ['-A', '-o', 'pid=,ppid=']) ?? '';
  return listing.split('\n').flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return pid === undefined || parent === undefined ? [] : [{ pid, parent, begun: undefined }];
  });
}
