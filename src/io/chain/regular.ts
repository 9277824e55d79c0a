import { closeSync, constants, fstatSync, openSync } from 'node:fs';

// Of Windows, which has neither such links nor such files, there are no such flags.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/** A file that was opened, and its size. */
export interface OpenFile {
  readonly file: number;
  readonly size: number;
}

/**
 * Open a file of a chain. Nothing else will do: one waits at a pipe for whoever reads it, and a device has no end. Nor is
 * a link followed, which could name another file.
 *
 * @throws Error
 */
export function openRegular(path: string, flags: number, mode?: number): OpenFile {
  const file = openSync(path, flags | O_NOFOLLOW | O_NONBLOCK, mode);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error('it is no regular file');
    return { file, size: stats.size };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
