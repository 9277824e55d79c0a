import { type ErrorCode, EXIT_STATUS, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { legible, oneLine } from '../printable.ts';
import { type Invocation, parseArguments } from './arguments.ts';
import type { Context } from './context.ts';
import { legibleIo } from './legible-io.ts';
import { translate } from './old-style.ts';
import { requireOne } from './options.ts';
import type { Output } from './output.ts';
import { type Progressing, progressLine } from './progress.ts';
import { renderError } from './report.ts';
import { unknownValues } from './unknown-values.ts';
import { VERB_NAMES, type Verb } from './verb.ts';
import { VERBS } from './verbs.ts';
import { versionText } from './version.ts';
import { type Logger, voiceOf } from './voice.ts';

/**
 * Run a command line.
 *
 * @param argv arguments without the program's name
 * @param program the name under which the program was called; as `sops` it answers with sops's version
 * @returns the exit status
 */
export async function run(argv: readonly string[], io: Io, program = 'sotto'): Promise<number> {
  const { warn, complain, fail } = voiceOf(io, program);
  const progressing: Progressing = (doing) => progressLine(io, doing);
  let isJson = argv.includes('--json');
  let invocation: Invocation | undefined;
  try {
    // Nothing was asked for, so there is nothing for stdout, and the exit status is that of sops.
    if (argv.length === 0 && program !== 'sops') {
      const { shortHelp } = await import('./help.ts');
      io.complain(shortHelp());
      return EXIT_STATUS['no-file'];
    }
    if (argv.at(-1) === '--generate-bash-completion') {
      const { sopsWords } = await import('./completion/sops-words.ts');
      io.print(sopsWords(argv.slice(0, -1), io.environment));
      return 0;
    }
    invocation = parseArguments(argv, VERB_NAMES, io.environment, program === 'sops');
    isJson = invocation.flags.boolean('json');
    if (program !== 'sops') unknownValues(invocation).forEach(warn);
    const output = await dispatch(invocation, { io: legibleIo(io), program, warn, complain, progressing });
    output.warnings?.forEach(warn);
    show(output, isJson, io);
    return output.exit ?? 0;
  } catch (error) {
    const known = toSottoError(error);
    if (isJson) io.complain(`${legible(JSON.stringify({ error: renderError(known) }))}\n`);
    else fail(known, loggerOf(known, invocation));
    return known.exit;
  }
}

/** Verbs whose errors sops leaves to its log, but for those on the arguments and the configuration. */
const LOGGED_VERBS: ReadonlySet<string> = new Set<Verb>([
  'filestatus',
  'groups add',
  'groups delete',
  'keyservice',
]);
const NEVER_LOGGED: ReadonlySet<string> = new Set<ErrorCode>(['usage', 'config-invalid', 'config-missing']);

/** Where sops says it, if not on a line alone. */
function loggerOf({ exit, code }: SottoError, invocation: Invocation | undefined): Logger | undefined {
  if (code === 'user-invalid') return 'EXEC';
  if (invocation === undefined) return 'CMD';
  // A folder without --recursive.
  if (invocation.verb === 'publish' && code === 'usage') return 'CMD';
  const isLogged = LOGGED_VERBS.has(invocation.verb ?? '') && exit === 1 && !NEVER_LOGGED.has(code);
  return isLogged ? 'CMD' : undefined;
}

/** What a command line is run in. */
type Surroundings = Pick<Context, 'io' | 'program' | 'warn' | 'complain' | 'progressing'>;

async function dispatch(invocation: Invocation, surroundings: Surroundings): Promise<Output> {
  const { io, program, warn } = surroundings;
  const { verb, root, flags, positionals } = invocation;
  if (flags.boolean('help')) return help(verb);
  if (verb !== undefined) return runVerb(verb, invocation, surroundings);
  if (root.boolean('version')) return { stdout: versionText(program) };
  const [first, ...topic] = positionals;
  if (first === 'help' || first === 'h') return helpOn(topic);
  const old = translate(invocation, {
    isMissing: (file) => !io.exists(io.absolute(file)),
    absolute: io.absolute,
  });
  old.warnings.forEach(warn);
  // The verb finds its path and its value behind the file.
  if (old.verb === 'set') requireOne({ invocation, warn });
  return runVerb(old.verb, old.invocation, surroundings);
}

async function runVerb(verb: Verb, invocation: Invocation, surroundings: Surroundings): Promise<Output> {
  const { run: work } = await VERBS[verb].load();
  const { io } = surroundings;
  const context: Context = {
    ...surroundings,
    invocation,
    say: (text) => io.complain(text),
    print: (text) => io.print(text),
  };
  return work(context);
}

function show({ stdout, notes = [], report }: Output, isJson: boolean, io: Io): void {
  if (isJson && report !== undefined) {
    io.print(`${legible(JSON.stringify(report))}\n`);
    return;
  }
  for (const note of notes) io.complain(`${oneLine(note)}\n`);
  if (stdout !== undefined) io.print(stdout);
}

async function help(verb: Verb | undefined): Promise<Output> {
  const { generalHelp, verbHelp } = await import('./help.ts');
  return { stdout: verb === undefined ? generalHelp() : verbHelp(verb) };
}

async function helpOn(words: readonly string[]): Promise<Output> {
  const topic = words.join(' ');
  const verb = VERB_NAMES.find((name) => name === topic);
  if (words.length === 0 || verb !== undefined) return help(verb);
  const { noTopic } = await import('./topic.ts');
  throw noTopic(topic, VERB_NAMES, 'help');
}

/** What is no error of ours is a bug, or an input that is too much; a stack trace helps nobody, and may tell secrets. */
function toSottoError(error: unknown): SottoError {
  if (error instanceof SottoError) return error;
  if (error instanceof RangeError)
    return new SottoError('internal', `the input is too large or nested too deeply: ${error.message}`, {
      hint: 'nothing was written; split the file',
    });
  const name = error instanceof Error ? error.name : 'unknown';
  const at =
    error instanceof Error ? (/\/((?:src|dist)\/\S+?):\d+\)?\n/.exec(`${error.stack}\n`)?.[1] ?? '') : '';
  return new SottoError('internal', `an unexpected ${name} happened${at === '' ? '' : ` in ${at}`}`, {
    hint: 'nothing was written; please report this with a file that shows it',
  });
}
