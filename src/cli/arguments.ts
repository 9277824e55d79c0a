import { parseBoolean } from '../core/go-boolean.ts';
import { nearest } from '../core/nearest.ts';
import { SottoError } from '../errors.ts';
import type { Flag, Place } from './flags/flag.ts';
import { flagsOf } from './flags/index.ts';
import type { Verb } from './verb.ts';

/** Values of flags by their long name: of one that repeats all together, else the last one. */
export class FlagValues {
  readonly likeSops: boolean;
  readonly #values = new Map<string, string | boolean>();
  readonly #given = new Set<string>();
  readonly #all = new Map<string, string[]>();

  /** @param likeSops only flags that repeat in sops do */
  constructor(likeSops = false) {
    this.likeSops = likeSops;
  }

  /** A flag of the command line. */
  set({ name, repeats }: Flag, value: string | boolean): void {
    const before = this.#given.has(name) ? this.#values.get(name) : undefined;
    if (typeof value === 'string') this.#all.set(name, [...this.all(name), value]);
    const addsUp = repeats === 'always' || (repeats === 'not in sops' && !this.likeSops);
    const isMore = addsUp && typeof before === 'string' && typeof value === 'string';
    this.#values.set(name, isMore ? [before, value].filter((text) => text !== '').join(',') : value);
    this.#given.add(name);
  }

  /** What a variable says where the flag is not given. */
  setDefault({ name }: Flag, value: string | boolean): void {
    if (!this.#given.has(name)) this.#values.set(name, value);
  }

  /** Every value of a flag that repeats, in their order. */
  all(name: string): readonly string[] {
    return this.#all.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  isGiven(name: string): boolean {
    return this.#given.has(name);
  }

  /** The long names of the flags of the command line. */
  given(): string[] {
    return [...this.#given];
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** The flag's value, or that of its variable if it is not given. */
  boolean(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** Items between commas, trimmed; `undefined` when the flag is not there or empty. */
  list(name: string): string[] | undefined {
    const text = this.text(name);
    return text === undefined || text === '' ? undefined : text.split(',').map((item) => item.trim());
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }
}

/** A command line, taken apart. */
export interface Invocation {
  /** `undefined`: the old style of sops, without a verb. */
  readonly verb: Verb | undefined;
  /** Flags in front of the verb; all flags in the old style. */
  readonly root: FlagValues;
  readonly flags: FlagValues;
  readonly positionals: readonly string[];
}

/**
 * Take a command line apart as sops does (urfave/cli on Go's flags): `-x` is `--x`, the last of repeated flags
 * counts unless they are lists that add up, the first positional that names a verb selects it. Behind the verb flags may stand anywhere; in the old
 * style the first positional ends them.
 *
 * @param verbs the verbs that exist
 * @param likeSops lists of keys do not add up where their flag repeats
 * @throws SottoError `usage`; also for a list of keys in front of a verb, but not under sops's name
 */
export function parseArguments(
  argv: readonly string[],
  verbs: readonly Verb[],
  environment: { readonly [name: string]: string | undefined },
  likeSops = false,
): Invocation {
  const root = new FlagValues(likeSops);
  const rest = parseFlags(argv, 'root', root);
  const verb = longestFirst(verbs).find((name) => name === rest.slice(0, wordsIn(name)).join(' '));
  if (verb === undefined) {
    readVariables('root', root, environment);
    return { verb, root, flags: root, positionals: rest };
  }
  readVariables('root', root, environment);
  if (!likeSops) refuseKeysInFront(root, verb);
  const flags = new FlagValues(likeSops);
  const own = rest.slice(wordsIn(verb));
  const positionals = parseFlags(
    TAKES_COMMAND.has(verb) ? own : flagsFirst(own, verb, likeSops),
    verb,
    flags,
  );
  readVariables(verb, flags, environment);
  return { verb, root, flags, positionals };
}

/** What is in front of a verb does not count for it, as in sops; but a list of keys is not lost without a word. */
function refuseKeysInFront(root: FlagValues, verb: Verb): void {
  const lost = flagsOf('root').find(({ name, repeats }) => repeats === 'not in sops' && root.isGiven(name));
  if (lost === undefined) return;
  throw new SottoError('usage', `--${lost.name} stands in front of ${verb}, where it does not count`, {
    hint: `write it behind: sotto ${verb} --${lost.name} …`,
  });
}

/** Verbs whose first positional begins a command, with flags that are the command's own. */
const TAKES_COMMAND: ReadonlySet<Verb> = new Set<Verb>(['run']);

/** `groups add` is found before `groups`. */
function longestFirst(verbs: readonly Verb[]): Verb[] {
  return [...verbs].sort((a, b) => wordsIn(b) - wordsIn(a));
}

function wordsIn(verb: Verb): number {
  return verb.split(' ').length;
}

/** Parse flags up to the first positional, or `--`. Returns what follows. */
function parseFlags(tokens: readonly string[], place: Place, values: FlagValues): string[] {
  const table = tableOf(place, values.likeSops);
  const spelled = new Map<string, string>();
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '--') return tokens.slice(at + 1);
    if (!looksLikeFlag(token)) return tokens.slice(at);
    const { name, value } = takeApart(token);
    const flag = table.get(name);
    if (flag === undefined) throw unknownFlag(name, place, table);
    const other = spelled.get(flag.name) ?? name;
    if (other !== name)
      throw new SottoError('usage', `Cannot use two forms of the same flag: ${other} ${name}`, {
        hint: 'they mean the same; leave one out, or put all values into one, with commas between them',
      });
    spelled.set(flag.name, name);
    if (flag.kind === 'boolean') {
      values.set(flag, value === undefined ? true : toBoolean(value, name));
      continue;
    }
    if (value === undefined) at += 1;
    values.set(flag, checked(value ?? argumentOf(tokens[at], name, table), flag, name));
  }
  return [];
}

/** The word behind a flag. A flag that is known is none: the value was forgotten. */
function argumentOf(token: string | undefined, name: string, table: ReadonlyMap<string, Flag>): string {
  if (token !== undefined && token !== '--' && !isKnown(token, table)) return token;
  throw new SottoError('usage', `flag needs an argument: -${name}`, {
    hint: `write it behind the flag: --${name} VALUE, or --${name}=VALUE`,
  });
}

function isKnown(token: string, table: ReadonlyMap<string, Flag>): boolean {
  return looksLikeFlag(token) && table.has(takeApart(token).name);
}

function checked(text: string, { kind }: Flag, name: string): string {
  if (kind !== 'number' || /^[-+]?\d+$/.test(text)) return text;
  throw new SottoError('usage', `invalid value ${JSON.stringify(text)} for flag -${name}: parse error`, {
    hint: 'a whole number is needed',
  });
}

/** Move the verb's own flags, with their values, in front of the positionals. */
function flagsFirst(tokens: readonly string[], verb: Verb, likeSops: boolean): string[] {
  const table = tableOf(verb, likeSops);
  const front: string[] = [];
  const back: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '--') {
      back.push(...tokens.slice(at));
      break;
    }
    const { name, value } = takeApart(token);
    const flag = looksLikeFlag(token) ? table.get(name) : undefined;
    if (flag === undefined) {
      back.push(token);
      continue;
    }
    front.push(token);
    if (flag.kind === 'boolean' || value !== undefined) continue;
    at += 1;
    front.push(argumentOf(tokens[at], name, table));
  }
  return back[0] === '--' || back.length === 0 ? [...front, ...back] : [...front, ...unknownFirst(back)];
}

/** An unknown flag in front of all positionals is a mistake; behind one it is a surplus positional. */
function unknownFirst(tokens: readonly string[]): string[] {
  return looksLikeFlag(tokens[0] ?? '') ? [...tokens] : ['--', ...tokens.filter((token) => token !== '--')];
}

function looksLikeFlag(token: string): boolean {
  return token.length > 1 && token.startsWith('-');
}

/** The name and the value of a flag, as it is written. */
export function takeApart(token: string): { name: string; value: string | undefined } {
  const text = token.replace(/^--?/, '');
  const equals = text.indexOf('=');
  return equals === -1
    ? { name: text, value: undefined }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** The flags of a place by each of their names; under the name `sops`, without those that it lacks on purpose. */
export function tableOf(place: Place, likeSops = false): Map<string, Flag> {
  const table = new Map<string, Flag>();
  for (const flag of flagsOf(place)) {
    if (likeSops && flag.notInSops?.includes(place) === true) continue;
    table.set(flag.name, flag);
    for (const other of [flag.short, flag.alias]) if (other !== undefined) table.set(other, flag);
  }
  return table;
}

function readVariables(
  place: Place,
  values: FlagValues,
  environment: { readonly [name: string]: string | undefined },
): void {
  for (const flag of flagsOf(place)) {
    const value = flag.variable === undefined ? undefined : environment[flag.variable];
    if (value === undefined || values.has(flag.name)) continue;
    if (flag.kind === 'boolean')
      values.setDefault(flag, value !== '' && toBoolean(value, flag.variable ?? ''));
    else if (value !== '') values.setDefault(flag, value);
  }
}

/** @param name the flag, or the variable, that has the value */
function toBoolean(text: string, name: string): boolean {
  const value = parseBoolean(text);
  if (value !== undefined) return value;
  const where = name.startsWith('SOPS_') ? name : `-${name}`;
  throw new SottoError('usage', `invalid boolean value ${JSON.stringify(text)} for ${where}: parse error`, {
    hint: 'true or false is needed',
    ...(where === name ? { inSops: variableInSops(text, name) } : {}),
  });
}

function variableInSops(text: string, variable: string): string {
  const flag = variable.replace('SOPS_', '').toLowerCase().replaceAll('_', '-');
  return `could not parse ${text} as bool value for flag ${flag}: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`;
}

function unknownFlag(name: string, place: Place, table: ReadonlyMap<string, Flag>): SottoError {
  const near = nearest(
    name,
    [...table.keys()].filter((other) => other.length > 1),
  );
  const help = `"sotto ${place === 'root' ? '' : `${place} `}--help"`;
  return new SottoError('usage', `flag provided but not defined: -${name}`, {
    hint: near === undefined ? `${adviceOn(name)}see ${help}` : `did you mean --${near}? See ${help}`,
  });
}

function adviceOn(name: string): string {
  return /[./]/.test(name) ? 'write ./ in front of a file whose name begins with "-"; ' : '';
}
