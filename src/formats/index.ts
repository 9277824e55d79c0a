import type { Format } from '../core/splice/format.ts';
import { detectFormat } from './detect.ts';
import { yaml } from './yaml/index.ts';

/**
 * The formats that there are, by the names that `--input-type` knows. Each is loaded when a file has it; YAML, in which
 * the configuration is written, at once.
 */
const FORMATS: ReadonlyMap<string, () => Promise<Format>> = new Map([
  ['yaml', async () => yaml],
  ['json', async () => (await import('./json/index.ts')).json],
  ['jsonc', async () => (await import('./json/jsonc.ts')).jsonc],
  ['dotenv', async () => (await import('./dotenv/index.ts')).dotenv],
  ['ini', async () => (await import('./ini/index.ts')).ini],
  ['binary', async () => (await import('./binary.ts')).binary],
  ['toml', async () => (await import('./toml/index.ts')).toml],
]);

/** Names of file formats by suffix, as sops knows them (sops `cmd/sops/formats`); upper case is something else. */
const SUFFIXES: readonly (readonly [string, string])[] = [
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.json', 'json'],
  ['.env', 'dotenv'],
  ['.ini', 'ini'],
];

/** Suffixes of formats that sops does not have: it takes such a file for binary. */
const OWN_SUFFIXES: readonly (readonly [string, string])[] = [
  ['.toml', 'toml'],
  ['.jsonc', 'jsonc'],
];

/** Names that sops knows as types, and those of our own. */
const TYPES: ReadonlySet<string> = new Set(['yaml', 'json', 'jsonc', 'dotenv', 'ini', 'toml', 'binary']);

/** Whether a word names a type of file. */
export function isType(word: string): boolean {
  return TYPES.has(word);
}

/** Whether a word names a type that sops does not have. */
export function isOwnType(word: string | undefined): word is string {
  return OWN_SUFFIXES.some(([, own]) => own === word);
}

/** What else counts besides the suffix. */
export interface SuffixSigns {
  /** The text of an encrypted file: what sops encrypted as a whole is binary where sops has no other type. */
  readonly sealed?: string | undefined;
  /** Only suffixes that sops knows, as long as the file is not encrypted. */
  readonly likeSops?: boolean | undefined;
}

/** The type that a file's suffix says; `undefined` if it says none. */
export function nameBySuffix(path: string | undefined, signs: SuffixSigns = {}): string | undefined {
  const bySuffix = ([suffix]: readonly [string, string]): boolean => path?.endsWith(suffix) === true;
  const known = SUFFIXES.find(bySuffix)?.[1];
  if (known !== undefined || (signs.likeSops === true && signs.sealed === undefined)) return known;
  const own = OWN_SUFFIXES.find(bySuffix)?.[1];
  return own !== undefined && detectFormat(signs.sealed ?? '') === 'binary' ? 'binary' : own;
}

/** A format by its name; `undefined` if it is not supported. */
export async function loadFormat(name: string): Promise<Format | undefined> {
  return FORMATS.get(name)?.();
}

/** The names of all formats. */
export function formatNames(): string[] {
  return [...FORMATS.keys()];
}
