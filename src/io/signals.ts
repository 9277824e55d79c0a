import { statFields } from './process-stat.ts';

/** Signals that end a process, if it is not told otherwise. */
export const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Signals that mean the program that runs, not the one that started it. */
const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGBREAK', 'SIGHUP']
    : [...ENDING, 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'];

/** Signals that a terminal sends to everything that runs in front of it. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGWINCH']);

/**
 * Hear of the signals that arrive here, until the function that comes back is called.
 *
 * @param hear gets the signal, and whether a terminal sent it: then it has reached the other program as well, which must
 *   not get it twice
 */
export function forwardSignals(hear: (signal: NodeJS.Signals, isFromTerminal: boolean) => void): () => void {
  const forward = (signal: NodeJS.Signals): void => hear(signal, cameFromTerminal(signal));
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}

/** A console of Windows sends everything to all of its programs. */
function cameFromTerminal(signal: NodeJS.Signals): boolean {
  if (process.platform === 'win32') return true;
  return FROM_TERMINAL.has(signal) && isInForeground();
}

/** Whether this process is in the terminal's foreground, to which Ctrl+C goes. */
function isInForeground(): boolean {
  const fields = statFields('self');
  if (fields === undefined) return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const [, , group, , , foreground] = fields;
  return group === foreground;
}
