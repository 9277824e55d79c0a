import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { writeFully } from './standard-stream.ts';
import type { WriteTarget } from './write-target.ts';

/**
 * Write to what can't be replaced.
 *
 * @param isRewritten the content is to take the place of what is there
 * @throws Error of the system, or with the reason
 */
export function writeDirectly(
  target: Exclude<WriteTarget, { kind: 'file' }>,
  content: string | Uint8Array,
  isRewritten: boolean,
): void {
  if (target.kind === 'special') return writeSpecial(target.path, content);
  // The old text would stay, beside the new one or below it.
  if (isRewritten && target.stats.isFile())
    throw new Error('an open file can not be replaced; name the file itself');
  pour(target.file, content);
}

function writeSpecial(path: string, content: string | Uint8Array): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    if (fstatSync(file).isFile()) throw new Error('somebody put a file in its place');
    pour(file, content);
  } finally {
    closeSync(file);
  }
}

function pour(file: number, content: string | Uint8Array): void {
  const error = writeFully(file, content);
  if (error !== undefined) throw error;
}
