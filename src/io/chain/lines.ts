import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that are read at once. */
const PIECE = 1024 * 1024;
/** More no record has; a longer line is none. */
export const LONGEST_LINE: number = 256 * 1024;
/** Bytes at the end of a file in which its last record is mostly found. */
const TAIL = 8 * 1024;

const NEWLINE = 0x0a;
// Of Windows, which has no such links, there is no such flag.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

/** A line of a file. */
export interface Line {
  readonly bytes: Uint8Array;
  /** A line break ends it. */
  readonly isEnded: boolean;
}

/** The lines of a file, one after the other. A line that is too long comes in parts. */
export function* linesOf(path: string): Generator<Line> {
  const file = openSync(path, FLAGS);
  try {
    let rest = Buffer.alloc(0);
    const piece = Buffer.alloc(PIECE);
    for (;;) {
      const count = readSync(file, piece, 0, PIECE, null);
      if (count === 0) break;
      const text = Buffer.concat([rest, piece.subarray(0, count)]);
      let start = 0;
      for (let end = text.indexOf(NEWLINE); end !== -1; end = text.indexOf(NEWLINE, start)) {
        yield { bytes: text.subarray(start, end), isEnded: true };
        start = end + 1;
      }
      rest = Buffer.from(text.subarray(start));
      if (rest.length <= LONGEST_LINE) continue;
      yield { bytes: rest, isEnded: true };
      rest = Buffer.alloc(0);
    }
    if (rest.length > 0) yield { bytes: rest, isEnded: false };
  } finally {
    closeSync(file);
  }
}

/** The last lines of a file, the last one first, and its size; `undefined` if there is no such file. */
export interface Tail {
  readonly lines: readonly Line[];
  readonly size: number;
}

/** @param isEnough whether the lines so far, the last one first, are all that is wanted */
export function tailOf(path: string, isEnough: (lines: readonly Line[]) => boolean): Tail | undefined {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    for (let length = Math.min(TAIL, size); ; length = Math.min(length * 8, size)) {
      const bytes = Buffer.alloc(length);
      const count = readSync(file, bytes, 0, length, size - length);
      const lines = lastLines(bytes.subarray(0, count), length === size);
      if (length === size || isEnough(lines)) return { lines, size };
    }
  } finally {
    closeSync(file);
  }
}

/** @param isAll the bytes are the whole file: else they begin in the middle of a line */
function lastLines(bytes: Buffer, isAll: boolean): Line[] {
  const lines: Line[] = [];
  let end = bytes.length;
  let isEnded = false;
  if (end > 0 && bytes[end - 1] === NEWLINE) {
    end -= 1;
    isEnded = true;
  }
  while (end > 0) {
    const start = bytes.lastIndexOf(NEWLINE, end - 1) + 1;
    if (start === 0 && !isAll) break;
    lines.push({ bytes: bytes.subarray(start, end), isEnded });
    end = start - 1;
    isEnded = true;
  }
  return lines;
}
