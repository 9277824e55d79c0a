import { readFileSync } from 'node:fs';

/**
 * What Linux tells of a process behind its name (proc(5)): state, parent, group, session, terminal, foreground group, and
 * as the 20th the time of its start. `undefined` for a process that is no more, and on other systems.
 */
export function statFields(pid: number | 'self'): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
