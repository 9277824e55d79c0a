import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MIB = 1024 * 1024;
/** Bytes of a file that is to be encrypted or decrypted; more fit into no string of Node (`buffer.constants`). */
export const LARGEST_INPUT: number = 512 * MIB;
/** Bytes of a configuration, and of a file of keys. */
export const LARGEST_SETTING: number = 8 * MIB;
/** Bytes that are read at once where nobody says how many there are. */
const CHUNK = MIB / 16;

/** More than is ever meant: a device that never ends, for example. */
export class TooLarge extends Error {
  constructor(limit: number) {
    super(`it has more than ${limit / MIB} MiB`);
  }
}

/**
 * All bytes of a regular file, or of a stream that has a name.
 *
 * @param limit bytes that are read at most
 * @throws TooLarge; Error of the system
 */
export function readBounded(path: string, limit: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size > limit) throw new TooLarge(limit);
    return readAll(file, size, limit);
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, size: number, limit: number): Uint8Array {
  const pieces: Buffer[] = [];
  let length = 0;
  // One byte more than there should be shows that there is an end.
  for (let next = size + 1; ; next = CHUNK) {
    const piece = Buffer.allocUnsafe(next);
    const count = readSync(file, piece);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    length += count;
    if (length > limit) throw new TooLarge(limit);
  }
  const [first, second] = pieces;
  return second === undefined ? (first ?? new Uint8Array()) : Buffer.concat(pieces, length);
}
