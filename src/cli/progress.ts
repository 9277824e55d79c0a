import type { Progress } from '../commands/batch.ts';
import type { Io } from '../io/io.ts';
import { oneLine } from '../text/printable.ts';

const CLEAR = '\r\u001b[K';

/** A line that shows how far the work is. */
export interface ProgressLine {
  readonly update?: Progress;
  readonly clear: () => void;
}

/** @param doing what is done: `rotating` */
export type Progressing = (doing: string) => ProgressLine;

/** A line on the terminal that shows how far the work on many files is; nothing where there is no terminal. */
export function progressLine(io: Io, verb: string): ProgressLine {
  if (!io.isTerminal) return { clear: () => undefined };
  let isShown = false;
  return {
    update: (done, all, file) => {
      isShown = true;
      io.complain(`${CLEAR}${lineOf(`${verb} ${done + 1}/${all} `, oneLine(file), io.columns - 1)}`);
    },
    clear: () => {
      if (isShown) io.complain(CLEAR);
      isShown = false;
    },
  };
}

/** A line that breaks could not be cleared any more; of a long name its end says more. */
function lineOf(start: string, file: string, width: number): string {
  const room = Math.max(0, width - start.length);
  return file.length <= room ? start + file : `${start}…${file.slice(file.length - Math.max(0, room - 1))}`;
}
