import type { ShellOptions, ShellResult } from '../commands/shell.ts';
import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { commonOptions } from './options.ts';
import type { Output } from './output.ts';

/** What a Go program, and so sops, calls the signals that end programs. */
const SIGNALS: ReadonlyMap<string, string> = new Map([
  ['SIGHUP', 'hangup'],
  ['SIGINT', 'interrupt'],
  ['SIGQUIT', 'quit'],
  ['SIGILL', 'illegal instruction'],
  ['SIGTRAP', 'trace/breakpoint trap'],
  ['SIGABRT', 'aborted'],
  ['SIGBUS', 'bus error'],
  ['SIGFPE', 'floating point exception'],
  ['SIGKILL', 'killed'],
  ['SIGUSR1', 'user defined signal 1'],
  ['SIGSEGV', 'segmentation fault'],
  ['SIGUSR2', 'user defined signal 2'],
  ['SIGPIPE', 'broken pipe'],
  ['SIGALRM', 'alarm clock'],
  ['SIGTERM', 'terminated'],
]);

/** Go's exit status -1. */
const KILLED = 255;

/** Options of `exec-env` and `exec-file`. @throws SottoError `usage` */
export function execOptions(context: Context): ShellOptions & { readonly keepKey: boolean } & ReturnType<
    typeof commonOptions
  > & {
    readonly file: string;
  } {
  const { verb, flags, positionals } = context.invocation;
  const [file, command, ...more] = positionals;
  if (file === undefined || command === undefined || more.length > 0) {
    const example =
      verb === 'exec-file'
        ? "exec-file secrets.yaml 'server --config {}'"
        : `exec-env secrets.env 'psql -h "$DB_HOST"'`;
    throw new SottoError('usage', 'error: missing file to decrypt', {
      hint: `give a file and one command in quotes, as in: sotto ${example}`,
    });
  }
  const user = flags.text('user');
  return {
    ...commonOptions(context),
    file,
    command,
    background: flags.boolean('background'),
    keepKey: context.program === 'sops' || flags.boolean('keep-key'),
    user: user === '' ? undefined : user,
  };
}

/** How a command ended, as sops says it. */
export function showEnd(result: ShellResult): Output {
  if (result === undefined || result.status === 0) return {};
  const { status, signal } = result;
  if (status !== undefined) return { notes: [`exit status ${status}`], exit: status };
  return { notes: [`signal: ${SIGNALS.get(signal ?? '') ?? signal}`], exit: KILLED };
}
