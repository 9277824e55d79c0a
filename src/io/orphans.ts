import { readdirSync } from 'node:fs';
import { childWaiter } from './c-library.ts';
import { statFields } from './process-stat.ts';

/** Milliseconds between two looks. Whoever has started a process himself takes its status long before the second. */
const LOOK = 500;

/**
 * As process 1 of a container, this one inherits the children that others leave behind, and they stay in the list of
 * processes until it asks how they ended. Do that until the function that comes back is called. Node can't.
 */
export function reapOrphans(): () => void {
  const wait = process.pid === 1 ? childWaiter() : undefined;
  if (wait === undefined) return () => undefined;
  let before: ReadonlySet<string> = new Set();
  const timer = setInterval(() => {
    const ended = endedChildren();
    for (const [key, pid] of ended) if (before.has(key)) wait(pid);
    before = new Set(ended.keys());
  }, LOOK);
  timer.unref();
  return () => clearInterval(timer);
}

/** Children of process 1 that have ended and were not asked about, by number and the time of their start. */
function endedChildren(): Map<string, number> {
  return new Map(
    readdirSync('/proc').flatMap((name) => {
      const fields = /^\d+$/.test(name) ? statFields(Number(name)) : undefined;
      const isOne = fields?.[0] === 'Z' && fields[1] === '1';
      return isOne ? [[`${name} ${fields[19]}`, Number(name)] as const] : [];
    }),
  );
}
