import { relative, resolve, sep } from 'node:path';
import { parsePath, printPath, shortPath } from '../../core/tree/path.ts';
import type { Path } from '../../core/tree/tree.ts';
import { attempt } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';

/** A value of a file: what is renewed, or what something is made of. */
export interface Subject {
  /** From the folder of the configuration, with slashes. */
  readonly file: string;
  readonly path: Path;
}

/** For people, and for hooks: `secrets/db.yaml#db.password`. */
export function nameOf({ file, path }: Subject): string {
  return `${file}#${shortPath(path)}`;
}

/** As {@link nameOf}, for a message. */
export function shownName(subject: Subject): string {
  return oneLine(nameOf(subject));
}

export function isSame(one: Subject, other: Subject): boolean {
  return one.file === other.file && printPath(one.path) === printPath(other.path);
}

/** A value as a policy names it: a path in the same file, or `FILE#PATH`; `undefined` for what is neither. */
export function subjectIn(text: string, file: string): Subject | undefined {
  const at = text.indexOf('#');
  const path = attempt(() => parsePath(text.slice(at + 1)));
  if (path === undefined || path.length === 0) return undefined;
  return { file: at <= 0 ? file : text.slice(0, at).replace(/^\.\//, ''), path };
}

/** A file by its name from a folder on; `undefined` for one that is not below it. */
export function nameFrom(root: string, path: string): string | undefined {
  const name = relative(root, path);
  return name === '' || name.startsWith(`..${sep}`) || name === '..' || resolve(name) === name
    ? undefined
    : name.replaceAll(sep, '/');
}
