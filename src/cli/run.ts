import { type ErrorCode, EXIT_STATUS, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { nodeIo } from '../io/node-io.ts';
import { legible, oneLine } from '../text/printable.ts';
import { type Invocation, readCommandLine, unknownValues } from './command-line.ts';
import { requireOne } from './options.ts';
import { progressLine } from './progress.ts';
import { renderError } from './report.ts';
import { type Logger, type Reporter, reporterOf } from './reporter.ts';
import { translate } from './translation.ts';
import type { Context, Output, Program } from './verb.ts';
import { verbAt } from './verbs/index.ts';
import { versionText } from './version.ts';

/** Run a command line in the real world. @returns the exit status */
export async function runHere(argv: readonly string[], program: string): Promise<number> {
  const status = await run(argv, nodeIo(), program);
  // A signal that arrived while a file was written is heard two turns later, and then ends this process.
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  return status;
}

/**
 * Run a command line.
 *
 * @param argv arguments without the program's name
 * @param program the name under which the program was called; as `sops` it answers as sops does
 * @returns the exit status
 */
export async function run(argv: readonly string[], io: Io, program = 'sotto'): Promise<number> {
  const likeSops = program === 'sops';
  const reporter = reporterOf(io, program);
  let isJson = argv.includes('--json');
  let invocation: Invocation | undefined;
  try {
    // Nothing was asked for, so there is nothing for stdout, and the exit status is that of sops.
    if (argv.length === 0 && !likeSops) {
      const { shortHelp } = await import('./help.ts');
      io.complain(await shortHelp());
      return EXIT_STATUS['no-file'];
    }
    if (argv.at(-1) === '--generate-bash-completion') {
      const { sopsWords } = await import('./completion/sops-words.ts');
      io.print(await sopsWords(argv.slice(0, -1), io.environment));
      return 0;
    }
    invocation = await readCommandLine(argv, {
      likeSops,
      environment: io.environment,
      version: versionText(program).trimEnd(),
      print: io.print,
    });
    if (invocation === undefined) return 0;
    isJson = invocation.flags.boolean('json');
    if (!likeSops) unknownValues(invocation).forEach(reporter.warn);
    const output = await runVerb(invocation, likeSops, reporter, io);
    output.warnings?.forEach(reporter.warn);
    await show(output, isJson, likeSops, io);
    return output.exit ?? 0;
  } catch (error) {
    const known = toSottoError(error);
    if (isJson) io.complain(`${legible(JSON.stringify({ error: renderError(known) }))}\n`);
    else reporter.fail(known, loggerOf(known, invocation));
    return known.exit;
  }
}

async function runVerb(
  invocation: Invocation,
  likeSops: boolean,
  { warn, complain }: Reporter,
  io: Io,
): Promise<Output> {
  const { verb, ...line } = invocation;
  const own = legibleIo(io);
  const context: Context = {
    ...line,
    verb: verb?.name ?? '',
    io: own,
    program: programFor(likeSops),
    likeSops,
    warn,
    complain,
    say: own.complain,
    print: (text) => own.print(text),
    progressing: (doing) => progressLine(io, doing),
  };
  return verb === undefined ? runOldStyle(invocation, context) : verb.run(context);
}

/** Loaded by those few verbs that tell of others. */
function programFor(likeSops: boolean): Program {
  return {
    helpOn: async (verb) => (await import('./help.ts')).verbHelp(verb, likeSops),
    wordsAt: async (shell, line, { io, likeSops }) =>
      (await import('./completion/words.ts')).completeFor(shell, line, likeSops ? undefined : io),
  };
}

async function runOldStyle(invocation: Invocation, context: Context): Promise<Output> {
  const { io, warn, likeSops } = context;
  const { name, positionals, warnings } = translate(invocation, {
    isMissing: (file) => !io.exists(io.absolute(file)),
    absolute: io.absolute,
    likeSops,
  });
  warnings.forEach(warn);
  const [file] = positionals;
  if (name === 'edit' && !likeSops && file !== undefined && !io.exists(io.absolute(file))) {
    const { unknownWord } = await import('./unknown-word.ts');
    throw unknownWord(positionals);
  }
  // The verb finds its path and its value behind the file.
  if (name === 'set') requireOne(context);
  const verb = await verbAt(name);
  return verb === undefined ? {} : verb.run({ ...context, positionals, verb: name });
}

/**
 * The outside world as verbs and keys get it: whatever they say or ask goes through {@link legible}, so that no text of
 * strangers (names of files, recipients, answers of servers) can move the cursor, or hide and turn around what it says.
 * Colours and cleared lines are added later, by the code that prints (`reporter`, `progress`).
 */
function legibleIo(io: Io): Io {
  const speech: Pick<Io, 'complain' | 'ask' | 'askSecret' | 'askOpenly'> = {
    complain: (text) => io.complain(legible(text)),
    ask: (question) => io.ask(legible(question)),
    askSecret: (question, extent) => io.askSecret(legible(question), extent),
    askOpenly: (question, signal) => io.askOpenly(legible(question), signal),
  };
  return new Proxy(io, {
    get: (target, name) => Reflect.get(Reflect.has(speech, name) ? speech : target, name),
  });
}

/** Errors on the arguments and the configuration: of verbs whose errors sops leaves to its log, these are not. */
const NEVER_LOGGED: ReadonlySet<string> = new Set<ErrorCode>(['usage', 'config-invalid', 'config-missing']);

/** Where sops says it, if not on a line alone. */
function loggerOf({ exit, code }: SottoError, invocation: Invocation | undefined): Logger | undefined {
  if (code === 'user-invalid') return 'EXEC';
  if (code === 'audit-failed') return 'AUDIT';
  // An unknown topic of help, with a status of its own, is no wrong flag.
  if (invocation === undefined) return exit === EXIT_STATUS.usage ? 'CMD' : undefined;
  const { logs } = invocation.verb ?? {};
  // A folder without --recursive.
  if (logs === 'usage') return code === 'usage' ? 'CMD' : undefined;
  return logs === 'failures' && exit === 1 && !NEVER_LOGGED.has(code) ? 'CMD' : undefined;
}

async function show(output: Output, isJson: boolean, likeSops: boolean, io: Io): Promise<void> {
  const report = isJson ? output.report : undefined;
  if (report !== undefined) {
    io.print(`${legible(JSON.stringify(report))}\n`);
    return;
  }
  const { stdout, notes = [], success } = output;
  const isTold = success !== undefined && !likeSops && io.isShown('stderr');
  const told = isTold ? await success() : [];
  // What was done leads to what comes of it; a summary stands below what it sums up, where both are seen.
  const [first, last] = stdout === undefined ? [notes, told] : [told, notes];
  for (const line of first) io.complain(`${oneLine(line)}\n`);
  if (stdout !== undefined) io.print(stdout);
  for (const line of last) io.complain(`${oneLine(line)}\n`);
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
