import { lstatSync, mkdirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SottoError } from '../errors.ts';
import { reasonOf } from './reason.ts';

/** Names of generations. */
export const GENERATION: RegExp = /^[1-9]\d{0,14}$/;

/**
 * A path behind the links of its folder, which is made if it is not there; nobody else may be able to put something else
 * in the place of what is made in it.
 *
 * @throws SottoError `output-unwritable`
 */
export function inRealFolder(path: string): string {
  const above = dirname(path);
  if (above === path) throw unwritable(path, 'it can not be replaced', 'name a folder below /run');
  try {
    // In a volume that everybody can write to, it is a folder of one's own.
    if (lstatSync(above, { throwIfNoEntry: false }) === undefined) mkdirSync(above, { mode: 0o755 });
    const parent = realpathSync(above);
    const { mode } = statSync(parent);
    const isOpen = (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
    if (!isOpen) return join(parent, basename(path));
  } catch (error) {
    throw unwritable(path, reasonOf(error), `the folder above has to be there: mkdir -p ${above}`, error);
  }
  throw unwritable(path, `everybody can write to ${above}`, 'name a folder below /run, or one of your own');
}

/** The generation that a link of ours names. @throws SottoError `output-unwritable` for whatever else is there */
export function generationOf(path: string, link: Stats): string {
  const hint = 'remove it, or name another folder: it has to be a link that this command has made';
  if (!link.isSymbolicLink()) throw unwritable(path, 'something else is there', hint);
  const [store, generation = '', ...more] = readlinkSync(path).split('/');
  const isOurs = store === `${basename(path)}.d` && GENERATION.test(generation) && more.length === 0;
  if (!isOurs || link.uid !== process.geteuid?.())
    throw unwritable(path, 'it is a link of somebody else', hint);
  return generation;
}

/** @throws SottoError `output-unwritable` where somebody else could have put something */
export function requireOwn(store: string, stats: Stats): void {
  const isOwn = stats.isDirectory() && stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0;
  if (isOwn) return;
  throw unwritable(store, 'it is no folder that you alone can write to', 'remove it, or name another folder');
}

/** An error about what can't be written, and what to do. */
export function unwritable(path: string, reason: string, hint: string, cause?: unknown): SottoError {
  return new SottoError('output-unwritable', `can't write ${path}: ${reason}`, { file: path, hint, cause });
}
