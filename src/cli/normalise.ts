import { parseBoolean } from '../core/tree/go-boolean.ts';
import { SottoError } from '../errors.ts';
import type { Flag } from './flags/flag.ts';

/** A command line as commander reads it. */
export interface Normalised {
  /** Flags, each in one word with its value: `--name=value`. What is no flag here is in it as it is: commander complains. */
  readonly flags: readonly string[];
  /** What is no flag. */
  readonly words: readonly string[];
}

/** Flags by all of their names. */
export type FlagTable = ReadonlyMap<string, Flag>;

/** Flags by each of their names. */
export function tableOf(flags: readonly Flag[]): FlagTable {
  const table = new Map<string, Flag>();
  for (const flag of flags) {
    for (const name of [flag.name, flag.short, flag.alias]) if (name !== undefined) table.set(name, flag);
  }
  return table;
}

/** What differs from verb to verb, and under the name of sops. */
export interface Manner {
  /** The first word ends the flags. */
  readonly stops: boolean;
  readonly likeSops: boolean;
}

/**
 * Write a command line so that commander reads it as sops would (urfave/cli on Go's flags). What sops has otherwise:
 *
 * | in sops | for commander |
 * |---|---|
 * | `-name`, `--n`: dashes do not matter, letters are not bundled | `--name` |
 * | `-i=false`: a boolean has a value behind `=`, and never in the next word | `--in-place=false` |
 * | `--net`: another long name | `--network` |
 * | a known flag, or `--`, is no value of the flag in front of it | an error here |
 * | two names of one flag are an error | the same here |
 * | an unknown flag behind a word is a word as well | behind `--`; an error under the name `sotto`, as `--extarct` would print the whole file; a number is a word |
 * | in front of the verb, and in the command of `run`, the first word ends the flags | behind `--` |
 *
 * @throws SottoError `usage`
 */
export function normalise(
  tokens: readonly string[],
  table: FlagTable,
  { stops, likeSops }: Manner,
): Normalised {
  const flags: string[] = [];
  const words: string[] = [];
  const spelled = new Map<Flag, string>();
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '--') return { flags, words: [...words, ...tokens.slice(at + 1)] };
    if (!looksLikeFlag(token)) {
      if (stops) return { flags, words: tokens.slice(at) };
      words.push(token);
      continue;
    }
    const { name, value } = takeApart(token);
    const flag = table.get(name);
    if (flag === undefined) {
      const isWord = words.length > 0 && (likeSops || NUMBER.test(token));
      if (isWord) words.push(token);
      else flags.push(name === '' ? token : `--${name}`);
      continue;
    }
    refuseOther(spelled.get(flag) ?? name, name);
    spelled.set(flag, name);
    if (flag.name === 'help' || flag.name === 'version') flags.push(`--${flag.name}`);
    else if (flag.kind === 'boolean')
      flags.push(`--${flag.name}=${value === undefined || toBoolean(value, `-${name}`)}`);
    else if (value !== undefined) flags.push(`--${flag.name}=${value}`);
    else {
      at += 1;
      flags.push(`--${flag.name}=${argumentOf(tokens[at], name, table)}`);
    }
  }
  return { flags, words };
}

/** The name and the value of a flag, as it is written. */
export function takeApart(token: string): { name: string; value: string | undefined } {
  const text = token.replace(/^--?/, '');
  const equals = text.indexOf('=');
  return equals === -1
    ? { name: text, value: undefined }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

const NUMBER = /^-\.?\d/;

function looksLikeFlag(token: string): boolean {
  return token.length > 1 && token.startsWith('-');
}

/** The word behind a flag. If that is itself a known flag, the value was forgotten. */
function argumentOf(token: string | undefined, name: string, table: FlagTable): string {
  const isFlag = token !== undefined && looksLikeFlag(token) && table.has(takeApart(token).name);
  if (token !== undefined && token !== '--' && !isFlag) return token;
  throw new SottoError('usage', `flag needs an argument: -${name}`, {
    hint: `write it behind the flag: --${name} VALUE, or --${name}=VALUE`,
  });
}

function refuseOther(before: string, name: string): void {
  if (before === name) return;
  throw new SottoError('usage', `Cannot use two forms of the same flag: ${before} ${name}`, {
    hint: 'they mean the same; leave one out, or put all values into one, with commas between them',
  });
}

/** @param where the flag, or the variable, that has the value @throws SottoError `usage` */
export function toBoolean(text: string, where: string): boolean {
  const value = parseBoolean(text);
  if (value !== undefined) return value;
  throw new SottoError('usage', `invalid boolean value ${JSON.stringify(text)} for ${where}: parse error`, {
    hint: 'true or false is needed',
    ...(where.startsWith('-') ? {} : { inSops: variableInSops(text, where) }),
  });
}

function variableInSops(text: string, variable: string): string {
  const flag = variable.replace('SOPS_', '').toLowerCase().replaceAll('_', '-');
  return `could not parse ${text} as bool value for flag ${flag}: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`;
}
