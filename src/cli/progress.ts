import type { Progress } from '../commands/batch.ts';
import type { Io } from '../io/io.ts';

/** A line on the terminal that shows how far the work on many files is; nothing where there is no terminal. */
export function progressLine(
  io: Io,
  verb: string,
): { readonly update?: Progress; readonly clear: () => void } {
  if (!io.isTerminal) return { clear: () => undefined };
  return {
    update: (done, all, file) => io.complain(`\r\u001b[K${verb} ${done + 1}/${all} ${file}`),
    clear: () => io.complain('\r\u001b[K'),
  };
}
