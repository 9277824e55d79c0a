import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { writeFully } from './standard-stream.ts';
import type { WriteTarget } from './write-target.ts';

/**
 * Write to what can't be replaced.
 *
 * @param isRewritten the bytes are to take the place of what is there
 * @throws Error of the system, or with the reason
 */
export function writeDirectly(
  target: Exclude<WriteTarget, { kind: 'file' }>,
  bytes: Uint8Array,
  isRewritten: boolean,
): void {
  if (target.kind === 'special') return writeSpecial(target.path, bytes);
  // The old text would stay, beside the new one or below it.
  if (isRewritten && target.stats.isFile())
    throw new Error('an open file can not be replaced; name the file itself');
  pour(target.file, bytes);
}

function writeSpecial(path: string, bytes: Uint8Array): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    if (fstatSync(file).isFile()) throw new Error('somebody put a file in its place');
    pour(file, bytes);
  } finally {
    closeSync(file);
  }
}

function pour(file: number, bytes: Uint8Array): void {
  const error = writeFully(file, bytes);
  if (error !== undefined) throw error;
}
