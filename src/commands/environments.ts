import { relative } from 'node:path';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';

/** The place of an environment's name in a pattern. */
const PLACEHOLDER = '{env}';

/** An environment has a file of its own. */
export interface Environment {
  readonly name: string;
  /** As a command line here names it. */
  readonly file: string;
}

/** The environments of files: what their names have not in common, such as `dev` and `prod`. */
export function environmentsOf(files: readonly string[]): Environment[] {
  const parts = files.map((file) => file.split(/(?<=[/._-])|(?=[/._-])/));
  const shortest = Math.min(...parts.map(({ length }) => length));
  const isShared = (at: (part: readonly string[]) => string | undefined): boolean =>
    new Set(parts.map(at)).size === 1;
  let start = 0;
  while (start < shortest && isShared((part) => part[start])) start += 1;
  let end = 0;
  while (start + end < shortest && isShared((part) => part.at(-1 - end))) end += 1;
  const names = parts.map((part) => part.slice(start, part.length - end).join(''));
  const isTelling = names.every((name) => name !== '') && new Set(names).size === names.length;
  return files.map((file, index) => ({ file, name: isTelling ? (names[index] ?? file) : file }));
}

/**
 * The files that a pattern names, such as `secrets/{env}.yaml`, sorted.
 *
 * @throws SottoError `usage` for a pattern without `{env}`, and where there is no such file
 */
export function environmentsBy(pattern: string, io: Io): Environment[] {
  const at = pattern.indexOf(PLACEHOLDER);
  if (at < 0 || pattern.indexOf(PLACEHOLDER, at + 1) >= 0) {
    throw new SottoError('usage', `${pattern} does not have ${PLACEHOLDER} in it, once`, {
      exit: 2,
      hint: "as in --by 'secrets/{env}.yaml'",
    });
  }
  const [before = '', behind = ''] = [pattern.slice(0, at), pattern.slice(at + PLACEHOLDER.length)];
  const folder = io.absolute(before.slice(0, before.lastIndexOf('/') + 1) || '.');
  const [start, end] = [io.absolute(`${before}x`).slice(0, -1), behind];
  const found = (io.isFolder(folder) ? io.filesBelow(folder) : []).flatMap((path): Environment[] => {
    if (!path.startsWith(start) || !path.endsWith(end) || path.length <= start.length + end.length) return [];
    const name = path.slice(start.length, path.length - end.length);
    return name.includes('/') ? [] : [{ name, file: relative(io.folder, path) }];
  });
  if (found.length > 0) return found;
  throw new SottoError('usage', `there is no file ${pattern}`, {
    exit: 2,
    hint: 'check the pattern, and the working folder',
  });
}
