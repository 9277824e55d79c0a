import type { Format } from '../core/splice/format.ts';

/**
 * The formats' names, as `--input-type` has them.
 *
 * @example
 * const format: FormatName = 'dotenv';
 * (await encrypt('A=1\n', { format, recipients: [recipient] })).text.includes('A=ENC['); // true
 */
export type FormatName = 'yaml' | 'json' | 'jsonc' | 'dotenv' | 'ini' | 'toml' | 'binary';

/** A file format, as far as it is known before a file has it. */
interface FormatRow {
  /** Of its files; upper case is something else, as in sops. */
  readonly suffixes: readonly string[];
  /** sops does not have it, and takes such a file for binary. */
  readonly notInSops?: true;
  /** What is all there in its encrypted files; left out where they look like those of another format. */
  readonly signs?: readonly [RegExp, ...RegExp[]];
  load(): Promise<Format>;
}

/**
 * The formats that there are, with the suffixes of sops's `cmd/sops/formats`. Each is loaded when a file has it. An encrypted
 * text whose name says nothing is of the last one that it looks like.
 */
const FORMATS: Readonly<Record<FormatName, FormatRow>> = {
  yaml: {
    suffixes: ['.yaml', '.yml'],
    signs: [/^ *sops:\s*$/m, /^\s+mac: ["']?ENC\[/m],
    load: async () => (await import('./yaml/index.ts')).yaml,
  },
  json: {
    suffixes: ['.json'],
    signs: [/^\s*\{/, /"sops"\s*:\s*\{/, /"mac"\s*:\s*"ENC\[/],
    load: async () => (await import('./json/index.ts')).json,
  },
  jsonc: {
    suffixes: ['.jsonc'],
    notInSops: true,
    load: async () => (await import('./json/jsonc.ts')).jsonc,
  },
  dotenv: {
    suffixes: ['.env'],
    signs: [/^sops_mac=ENC\[/m],
    load: async () => (await import('./dotenv/index.ts')).dotenv,
  },
  ini: {
    suffixes: ['.ini'],
    signs: [/^\[sops\]/m, /^mac\s*=\s*ENC\[/m],
    load: async () => (await import('./ini/index.ts')).ini,
  },
  toml: {
    suffixes: ['.toml'],
    notInSops: true,
    signs: [/^\[sops\]/m, /^mac\s*=\s*"ENC\[/m],
    load: async () => (await import('./toml/index.ts')).toml,
  },
  binary: {
    suffixes: [],
    signs: [/^\s*\{\s*"data"\s*:\s*"[^"]*"\s*,\s*"sops"\s*:\s*\{/],
    load: async () => (await import('./binary.ts')).binary,
  },
};

/** The names of all formats. */
export const FORMAT_NAMES: readonly FormatName[] = Object.keys(FORMATS).filter(isFormatName);

/** Whether a word names a format. */
export function isFormatName(word: string | undefined): word is FormatName {
  return word !== undefined && Object.hasOwn(FORMATS, word);
}

/** Whether a word names a format that sops does not have. */
export function isNotInSops(word: string | undefined): word is FormatName {
  return isFormatName(word) && FORMATS[word].notInSops === true;
}

/** What else counts besides the suffix. */
export interface SuffixSigns {
  /** The text of an encrypted file: what sops encrypted as a whole is binary where sops has no other type. */
  readonly sealed?: string | undefined;
  /** Only suffixes that sops knows, as long as the file is not encrypted. */
  readonly likeSops?: boolean | undefined;
}

/** The format that a file's suffix says; `undefined` if it says none. */
export function nameBySuffix(path: string | undefined, signs: SuffixSigns = {}): FormatName | undefined {
  const name = FORMAT_NAMES.find((each) => FORMATS[each].suffixes.some((suffix) => path?.endsWith(suffix)));
  if (!isNotInSops(name)) return name;
  if (signs.likeSops === true && signs.sealed === undefined) return undefined;
  return detectFormat(signs.sealed ?? '') === 'binary' ? 'binary' : name;
}

/** The format of an encrypted text whose name does not say it; `undefined` where the text is not encrypted. */
export function detectFormat(text: string): FormatName | undefined {
  if (!text.includes('ENC[AES256_GCM,')) return undefined;
  return FORMAT_NAMES.findLast((name) => FORMATS[name].signs?.every((sign) => sign.test(text)));
}

/** Those that were loaded: each import, if only of what is there, is looked up anew. */
const LOADED = new Map<FormatName, Promise<Format>>();

/** A format by its name; `undefined` if it is not supported. */
export async function loadFormat(name: string): Promise<Format | undefined> {
  if (!isFormatName(name)) return undefined;
  const loaded = LOADED.get(name) ?? FORMATS[name].load();
  LOADED.set(name, loaded);
  return loaded;
}
