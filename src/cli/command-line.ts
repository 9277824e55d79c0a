import { Command, CommanderError } from 'commander';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { declare } from './flags/declare.ts';
import { FlagValues } from './flags/values.ts';
import { normalise, tableOf, toBoolean } from './normalise.ts';
import { OLD_STYLE } from './old-style.ts';
import { flagsOf, type Verb } from './verb.ts';
import { VERBS, verbAt } from './verbs/index.ts';

/** A command line, taken apart. */
export interface Invocation {
  /** `undefined`: the old style of sops, without a verb. */
  readonly verb: Verb | undefined;
  /** Flags in front of the verb; all flags in the old style. */
  readonly root: FlagValues;
  readonly flags: FlagValues;
  readonly positionals: readonly string[];
}

/** What a command line is read with. */
export interface Reading {
  readonly likeSops: boolean;
  readonly environment: { readonly [name: string]: string | undefined };
  /** What `--version` prints. */
  readonly version: string;
  /** Prints help, and the version. */
  readonly print: (text: string) => void;
}

/**
 * Read a command line. Only the verb that is called is loaded, and declared to commander.
 *
 * @returns `undefined` where help, or the version, was asked for, and is printed
 * @throws SottoError `usage`; also for a list of keys in front of a verb, but not under sops's name
 */
export async function readCommandLine(
  argv: readonly string[],
  reading: Reading,
): Promise<Invocation | undefined> {
  const { likeSops, environment } = reading;
  const front = normalise(argv, tableOf(flagsOf(OLD_STYLE, likeSops)), { stops: true, likeSops });
  const names = namesIn(front.words);
  const verb = await verbAt(names.join(' '));
  const [first, ...topic] = front.words;
  if (verb === undefined && (first === 'help' || first === 'h')) return readTopic(topic, reading);
  const own =
    verb === undefined
      ? { flags: [], words: front.words }
      : normalise(front.words.slice(names.length), tableOf(flagsOf(verb, likeSops)), {
          stops: verb.takesCommand === true,
          likeSops,
        });
  const program = newProgram(reading);
  // Most command lines have no flag in front of the verb: commander need not know which there could be.
  if (verb === undefined || front.flags.length > 0)
    declare(program, OLD_STYLE, likeSops).version(reading.version, '-v, --version', 'print the version');
  const command = names.reduce((parent, name) => parent.command(name), program);
  if (verb !== undefined) declare(command, verb, likeSops);
  const isGeneral = front.flags.includes('--help');
  if (isGeneral || own.flags.includes('--help')) {
    const { helpFormat } = await import('./help.ts');
    const formatHelp = await helpFormat(isGeneral ? undefined : verb, likeSops);
    (isGeneral ? program : command).configureHelp({ formatHelp });
  }
  if (!parse(program, [...front.flags, ...names, ...own.flags, '--', ...own.words], names)) return undefined;
  readVariables(program, OLD_STYLE, environment);
  if (verb !== undefined) readVariables(command, verb, environment);
  const root = new FlagValues(program);
  if (verb !== undefined && !likeSops) refuseKeysInFront(root, verb);
  return { verb, root, flags: new FlagValues(command), positionals: own.words };
}

/** `help set` is `set --help`. For sops, what follows does not count. */
async function readTopic(words: readonly string[], reading: Reading): Promise<Invocation | undefined> {
  const names = namesIn(words);
  const topic = reading.likeSops ? words.slice(0, Math.max(names.length, 1)) : words;
  if (names.length === topic.length) return readCommandLine([...topic, '--help'], reading);
  const { noTopic } = await import('./no-topic.ts');
  throw noTopic(topic.join(' '), Object.keys(VERBS), 'help');
}

/** The words at the beginning of a line that name a verb; `groups add` is found before `groups`. */
function namesIn(words: readonly string[]): readonly string[] {
  const isVerb = (names: readonly string[]): boolean => Object.hasOwn(VERBS, names.join(' '));
  return [words.slice(0, 2), words.slice(0, 1)].find(isVerb) ?? [];
}

function newProgram({ print }: Reading): Command {
  return new Command('sotto')
    .enablePositionalOptions()
    .allowExcessArguments(true)
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeOut: print, outputError: () => undefined });
}

/** @returns false where commander has printed what was asked for, and there is nothing else to do */
function parse(program: Command, argv: readonly string[], names: readonly string[]): boolean {
  try {
    program.parse(argv, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw unknownFlag(error.message, names);
  }
}

/** What commander says of an unknown flag, in sops's words. */
function unknownFlag(message: string, names: readonly string[]): SottoError {
  const name = /'--(.*)'/.exec(message)?.[1] ?? '';
  const near = /Did you mean (.*)\?/.exec(message)?.[1];
  const help = `"${['sotto', ...names, '--help'].join(' ')}"`;
  const advice = /[./]/.test(name) ? 'write ./ in front of a file whose name begins with "-"; ' : '';
  return new SottoError('usage', `there is no flag ${name.length === 1 ? '-' : '--'}${name}`, {
    inSops: `flag provided but not defined: -${name}`,
    hint: near === undefined ? `${advice}see ${help}` : `did you mean ${near}? See ${help}`,
  });
}

/** Take the values of variables for flags that are not given. @throws SottoError `usage` */
function readVariables(
  command: Command,
  place: Pick<Verb, 'flags'>,
  environment: Reading['environment'],
): void {
  for (const { name, kind, variable } of place.flags) {
    const text = variable === undefined ? undefined : environment[variable];
    if (variable === undefined || text === undefined || command.getOptionValueSource(name) === 'cli')
      continue;
    if (kind === 'boolean')
      command.setOptionValueWithSource(name, text !== '' && toBoolean(text, variable), 'env');
    else if (text !== '') command.setOptionValueWithSource(name, kind === 'list' ? [text] : text, 'env');
  }
}

/** What is in front of a verb does not count for it, as in sops; but a list of keys is not lost without a word. */
function refuseKeysInFront(root: FlagValues, { name: verb }: Verb): void {
  const lost = OLD_STYLE.flags.find(({ name, repeats }) => repeats === 'not in sops' && root.isGiven(name));
  if (lost === undefined) return;
  throw new SottoError('usage', `--${lost.name} stands in front of ${verb}, where it does not count`, {
    hint: `write it behind: sotto ${verb} --${lost.name} …`,
  });
}

/** Values of flags that are none of those that there are. Most do not count, as in sops, which does not say so. */
export function unknownValues({ verb, flags }: Invocation): Warning[] {
  return (verb ?? OLD_STYLE).flags.flatMap(({ name, kind, values }) => {
    if (values === undefined) return [];
    const given = kind === 'list' ? (flags.list(name) ?? []) : [flags.text(name) ?? ''];
    return given
      .filter((word) => word !== '' && !values.includes(word))
      .map((word) => {
        const near = nearest(word, values);
        const hint = near === undefined ? `there are ${values.join(', ')}` : `did you mean ${near}?`;
        return { message: `--${name} ${word} is not known`, hint };
      });
  });
}
