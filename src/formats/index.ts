import type { Format } from '../core/format.ts';
import { binary } from './binary.ts';
import { detectFormat } from './detect.ts';
import { dotenv } from './dotenv/index.ts';
import { json } from './json/index.ts';
import { jsonc } from './json/jsonc.ts';
import { yaml } from './yaml/index.ts';

/** The formats that there are, by the names that `--input-type` knows. */
const FORMATS: ReadonlyMap<string, Format> = new Map(
  [yaml, json, jsonc, dotenv, binary].map((format) => [format.name, format]),
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

/** Suffixes of formats that sops does not have: it takes such a file for binary. */
const OWN_SUFFIXES: readonly (readonly [string, string])[] = [['.jsonc', 'jsonc']];

/** Names that sops knows as types, and those of our own. */
const TYPES: ReadonlySet<string> = new Set(['yaml', 'json', 'jsonc', 'dotenv', 'ini', 'toml', 'binary']);

/**
 * The name of a file's format: what was asked for if that is a type, else by the file's suffix, else `binary`.
 *
 * @param sealed the text of an encrypted file: where sops has no type for the suffix, it may have encrypted it as a whole
 */
export function formatName(path: string | undefined, asked: string | undefined, sealed = ''): string {
  if (isType(asked)) return asked;
  const bySuffix = ([suffix]: readonly [string, string]): boolean => path?.endsWith(suffix) === true;
  const own = OWN_SUFFIXES.find(bySuffix)?.[1];
  if (own !== undefined && detectFormat(sealed) !== 'binary') return own;
  return SUFFIXES.find(bySuffix)?.[1] ?? 'binary';
}

/** The types that were asked for. */
export interface AskedTypes {
  readonly inputType?: string | undefined;
  readonly outputType?: string | undefined;
}

/**
 * The name of the format in which a result is written: the type of the output, not of the input, or what the suffix
 * says, as in sops. A type that sops does not have is what a file is before and after.
 *
 * @param sealed as for {@link formatName}
 */
export function outputName(path: string | undefined, asked: AskedTypes, sealed?: string): string {
  const { inputType, outputType } = asked;
  const name = formatName(path, outputType, sealed);
  if (isType(outputType) || !isType(inputType)) return name;
  return isOwn(inputType) || isOwn(name) ? inputType : name;
}

/** Whether a format was chosen by a suffix that means something else to sops. */
export function isOwnChoice(name: string, { inputType, outputType }: AskedTypes): boolean {
  return isOwn(name) && !isType(inputType) && !isType(outputType);
}

/** What is asked for where a suffix means no more than it does to sops. */
export function askedLikeSops(path: string, asked: AskedTypes): AskedTypes {
  return isOwnChoice(formatName(path, asked.inputType), asked) ? { inputType: 'binary' } : asked;
}

function isType(asked: string | undefined): asked is string {
  return asked !== undefined && TYPES.has(asked);
}

function isOwn(name: string): boolean {
  return OWN_SUFFIXES.some(([, own]) => own === name);
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
