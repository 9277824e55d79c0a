import type { Format } from '../core/format.ts';
import { binary } from './binary.ts';
import { dotenv } from './dotenv/index.ts';
import { ini } from './ini/index.ts';
import { json } from './json/index.ts';
import { yaml } from './yaml/index.ts';

/** The formats that there are, by the names that `--input-type` knows. */
const FORMATS: ReadonlyMap<string, Format> = new Map(
  [yaml, json, dotenv, ini, binary].map((format) => [format.name, format]),
);

/** Formats that bring a parser of their own: loaded when a file has them, so that no other file waits for it. */
const LOADED_LATER: ReadonlyMap<string, () => Promise<Format>> = new Map([
  ['toml', async () => (await import('./toml/index.ts')).toml],
]);

/** Names of file formats by suffix, as sops knows them (sops `cmd/sops/formats`), and TOML; upper case is something else. */
const SUFFIXES: readonly (readonly [string, string])[] = [
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.json', 'json'],
  ['.env', 'dotenv'],
  ['.ini', 'ini'],
  ['.toml', 'toml'],
];

/** Names that sops knows as types, and TOML. */
const TYPES: ReadonlySet<string> = new Set(['yaml', 'json', 'dotenv', 'ini', 'toml', 'binary']);

/**
 * The name of a file's format: what was asked for if sops knows that, else by the file's suffix, else `binary`.
 */
export function formatName(path: string | undefined, asked: string | undefined): string {
  if (asked !== undefined && TYPES.has(asked)) return asked;
  return SUFFIXES.find(([suffix]) => path?.endsWith(suffix) === true)?.[1] ?? 'binary';
}

/** Whether there is a format of this name. */
export function hasFormat(name: string): boolean {
  return FORMATS.has(name) || LOADED_LATER.has(name);
}

/** A format by its name; `undefined` if it is not supported. */
export async function loadFormat(name: string): Promise<Format | undefined> {
  return formatNamed(name) ?? (await LOADED_LATER.get(name)?.());
}

/** A format that needs no loading, by its name. */
export function formatNamed(name: string): Format | undefined {
  return FORMATS.get(name);
}

/** The names of all formats. */
export function formatNames(): string[] {
  return [...FORMATS.keys(), ...LOADED_LATER.keys()];
}
