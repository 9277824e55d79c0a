import { writeSync } from 'node:fs';
import { SottoError } from '../errors.ts';
import { piecesOf } from './pieces.ts';
import { reasonOf } from './reason.ts';

/** Print on stdout; who has read enough is no error. @throws SottoError `output-unwritable` */
export function print(bytes: string | Uint8Array): void {
  const error = writeFully(1, bytes);
  if (error !== undefined && !isGone(error)) throw unwritable('stdout', error);
}

/** Write what another program printed. False when it can't be: nobody reads it any more, or the disk is full. */
export function passOn(stream: 'stdout' | 'stderr', bytes: Uint8Array): boolean {
  const error = writeFully(stream === 'stdout' ? 1 : 2, bytes);
  if (error !== undefined && !isGone(error)) writeFully(2, `${unwritable(stream, error).message}\n`);
  return error === undefined;
}

/**
 * Write at once, so that nothing is lost when the process ends; a pipe whose reader is busy is waited for.
 *
 * @returns why it can't be written
 */
export function writeFully(stream: number, content: string | Uint8Array): unknown {
  for (const piece of piecesOf(content)) {
    const error = writePiece(stream, piece);
    if (error !== undefined) return error;
  }
  return undefined;
}

function writePiece(stream: number, bytes: Uint8Array): unknown {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(stream, bytes, at);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return undefined;
}

function isGone(error: unknown): boolean {
  return codeOf(error) === 'EPIPE';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function unwritable(stream: 'stdout' | 'stderr', error: unknown): SottoError {
  return new SottoError('output-unwritable', `${stream} could not be written: ${reasonOf(error)}`, {
    hint: 'make room where it goes to, and try again',
    cause: error,
  });
}
