import { findPath } from '../core/tree/find-path.ts';
import { printPath } from '../core/tree/path.ts';
import type { MapNode, Path } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import type { FlatValue } from './flatten.ts';
import { checkVariable } from './variables.ts';

/** An environment variable, and whether its value must not be seen. */
export interface Variable {
  readonly name: string;
  readonly text: string;
  readonly isSecret: boolean;
  readonly isEncrypted: boolean;
  /** The user gave it its name. */
  readonly isNamed: boolean;
  /** It is in clear, and not even its value is in the file's MAC. */
  readonly isOutsideMac: boolean;
  /** Its bytes where they are no UTF-8; `text` can't show them then. */
  readonly bytes?: Uint8Array | undefined;
}

/** A file's values. */
export interface FlatFile {
  /** As the user named it. */
  readonly file: string;
  /** Its keys are names of variables already, as in dotenv. */
  readonly hasNames: boolean;
  /** Its MAC is over encrypted values only. */
  readonly macOnlyEncrypted: boolean;
  /** Where its keys stand. */
  readonly root: MapNode | undefined;
  readonly values: readonly FlatValue[];
}

/** How values become variables. */
export interface Naming {
  /** In front of all names that are made of paths. */
  readonly prefix?: string | undefined;
  /** Letters of keys; left out, capitals, but keys that are names of variables already stay as they are. */
  readonly letters?: LetterCase | undefined;
  /** Between the keys of a path; `_` if left out. */
  readonly separator?: string | undefined;
  /** Names for the values at paths. */
  readonly map: readonly NamedPath[];
}

/** What becomes of the letters of keys. */
export type LetterCase = 'keep' | 'upper';

/** A variable for the value at a path. */
export interface NamedPath {
  readonly name: string;
  readonly path: { readonly written: string };
}

/**
 * Read `NAME=path`, with the path as in `db.password`.
 *
 * @throws SottoError `usage`
 */
export function parseNamedPath(text: string): NamedPath {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals));
  const path = text.slice(equals + 1);
  if (name === '' || path === '') {
    throw new SottoError('usage', `--map ${text} is no NAME=path`, {
      hint: 'for example: --map DATABASE_URL=db.url',
    });
  }
  return { name, path: { written: path } };
}

/**
 * Make variables of the values of files. Of the same name in several files the last one counts.
 *
 * @throws SottoError `environment-invalid` for two values of one file that would have the same name; `path-missing`,
 *   `path-invalid`, `path-ambiguous`
 */
export function nameVariables(files: readonly FlatFile[], naming: Naming): Variable[] {
  const { prefix = '', map } = naming;
  const variables = new Map<string, Variable>();
  const missing = new Set(map);
  for (const { file, hasNames, macOnlyEncrypted, root, values } of files) {
    const mapped = namedIn(root, map, file);
    const paths = new Map<string, Path>();
    for (const { path, text, bytes, isSecret, isEncrypted } of values) {
      const given = mapped.get(keyOf(path));
      if (given !== undefined) missing.delete(given);
      const isNamed = given !== undefined;
      const name = given?.name ?? prefix + nameOf(path, hasNames, naming);
      checkName(name, path, file);
      checkVariable(printPath(path), text);
      refuseSame(name, paths.get(name), path, file);
      paths.set(name, path);
      const isOutsideMac = macOnlyEncrypted && !isEncrypted;
      variables.set(name, { name, text, isSecret, isEncrypted, isNamed, isOutsideMac, bytes });
    }
  }
  for (const { name, path } of missing) {
    throw new SottoError('path-missing', `--map ${name}: there is no value at ${path.written}`, {
      hint: 'it takes the path of one value, such as db.password, or \'["db"]["password"]\'',
    });
  }
  return [...variables.values()];
}

/** `db.password` is `DB_PASSWORD`: capitals, and `_` for all that a shell's names can't hold. */
function nameOf(path: Path, hasNames: boolean, { letters, separator = '_' }: Naming): string {
  const cased = letters === 'keep' || (hasNames && letters === undefined) ? path : path.map(inCapitals);
  if (hasNames) return cased.join(separator);
  const name = cased.map((key) => `${key}`.replace(/[^A-Za-z0-9_]/g, '_')).join(separator);
  return /^\d/.test(name) ? `_${name}` : name;
}

function inCapitals(key: Path[number]): string {
  return `${key}`.toUpperCase();
}

function checkName(name: string, path: Path, file: string): void {
  if (name !== '' && !name.includes('=')) return;
  throw new SottoError(
    'environment-invalid',
    `the key at ${printPath(path)} can not be the name of a variable`,
    { file, hint: 'give it one: --map NAME=path' },
  );
}

function refuseSame(name: string, before: Path | undefined, path: Path, file: string): void {
  if (before === undefined || keyOf(before) === keyOf(path)) return;
  throw new SottoError(
    'environment-invalid',
    `${printPath(before)} and ${printPath(path)} would both be ${name}`,
    { file, hint: `tell them apart, as in --map OTHER_${name}=${path.join('.')}` },
  );
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** The names for values of one file, by {@link keyOf}. */
function namedIn(
  root: MapNode | undefined,
  map: readonly NamedPath[],
  file: string,
): ReadonlyMap<string, NamedPath> {
  const named = new Map<string, NamedPath>();
  for (const one of map) {
    const path = root === undefined ? undefined : pathIn(root, one, file);
    if (path !== undefined) named.set(keyOf(path), one);
  }
  return named;
}

function pathIn(root: MapNode, { name, path }: NamedPath, file: string): Path | undefined {
  try {
    return findPath(root, path);
  } catch (error) {
    throw error instanceof SottoError ? error.with({ file }, `--map ${name}: ${error.message}`) : error;
  }
}
