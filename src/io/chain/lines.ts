import { closeSync, constants, readSync } from 'node:fs';
import { SottoError } from '../../errors.ts';
import { reasonOf } from '../reason.ts';
import { type OpenFile, openRegular } from './regular.ts';

/** Bytes that are read at once. */
const PIECE = 1024 * 1024;
/** More no record has; a longer line is none. */
export const LONGEST_LINE: number = 256 * 1024;
/** Bytes at the end of a file in which its last record is mostly found. */
const TAIL = 8 * 1024;

const NEWLINE = 0x0a;

/** A line of a file. */
export interface Line {
  readonly bytes: Uint8Array;
  /** A line break ends it. */
  readonly isEnded: boolean;
}

/**
 * The lines of a file, one after the other. A line that is too long comes in parts.
 *
 * @throws SottoError `input-unreadable`
 */
export function* linesOf(path: string): Generator<Line> {
  const { file } = openToRead(path);
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

/** @throws SottoError `input-unreadable` */
function openToRead(path: string): OpenFile {
  try {
    return openRegular(path, constants.O_RDONLY);
  } catch (error) {
    throw new SottoError('input-unreadable', `can't read ${path}: ${reasonOf(error)}`, {
      file: path,
      hint: 'check its name and permissions',
    });
  }
}

/** The end of a file. */
export interface Tail<Found> {
  /** `undefined` in an empty file. */
  readonly last: Line | undefined;
  /** What was looked for, in the last line that has it. */
  readonly found: Found | undefined;
  /** It is in the last line of all. */
  readonly isLast: boolean;
  readonly size: number;
}

/**
 * Look for something from the end of a file on.
 *
 * @param find what is looked for in a line; `undefined` if it is not there
 * @returns `undefined` if there is no such file
 */
export function tailOf<Found>(
  path: string,
  find: (line: Uint8Array) => Found | undefined,
): Tail<Found> | undefined {
  let open: OpenFile;
  try {
    open = openRegular(path, constants.O_RDONLY);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const { file, size } = open;
  try {
    for (let length = Math.min(TAIL, size); ; length = Math.min(length * 8, size)) {
      const bytes = Buffer.allocUnsafe(length);
      const count = readSync(file, bytes, 0, length, size - length);
      const tail = lookBack(bytes.subarray(0, count), find, length === size);
      if (length === size || tail.found !== undefined) return { ...tail, size };
    }
  } finally {
    closeSync(file);
  }
}

/** @param isAll the bytes are the whole file: else they begin in the middle of a line */
function lookBack<Found>(
  bytes: Buffer,
  find: (line: Uint8Array) => Found | undefined,
  isAll: boolean,
): Omit<Tail<Found>, 'size'> {
  let last: Line | undefined;
  let isEnded = bytes.at(-1) === NEWLINE;
  for (let end = isEnded ? bytes.length - 1 : bytes.length; end > 0; ) {
    const start = bytes.lastIndexOf(NEWLINE, end - 1) + 1;
    if (start === 0 && !isAll) break;
    const line = { bytes: bytes.subarray(start, end), isEnded };
    last ??= line;
    const found = find(line.bytes);
    if (found !== undefined) return { last, found, isLast: line === last };
    end = start - 1;
    isEnded = true;
  }
  return { last, found: undefined, isLast: false };
}
