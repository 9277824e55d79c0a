import { constants } from 'node:os';
import type { CommonOptions } from '../commands/settings.ts';
import type { ShellOptions, ShellResult } from '../commands/shell.ts';
import { SottoError } from '../errors.ts';
import type { ExitResult } from '../io/io.ts';
import { commonOptions } from './options.ts';
import type { Context, Output } from './verb.ts';

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

/** With what status `exec-env` and `exec-file` end. */
export const SHELL_EXITS = 'Where the command was run, with its status; 255 if a signal ended it.';

/** Options that `exec-env` and `exec-file` have alike. */
export interface ExecOptions extends CommonOptions, ShellOptions {
  /** At least one. */
  readonly files: readonly [string, ...string[]];
  /** The variable that holds a private key goes on to the command. */
  readonly keepKey: boolean;
}

/**
 * `FILE COMMAND` as in sops, or `COMMAND` behind files that flags name.
 *
 * @param example a right command line without the program's name
 * @throws SottoError `usage`
 */
export function execOptions(context: Context, example: string): ExecOptions {
  const { flags, positionals, likeSops } = context;
  const named = flags.all('file');
  const [file, ...others] = [...named, ...positionals];
  const command = others.pop();
  const isOne = positionals.length === (named.length === 0 ? 2 : 1);
  if (file === undefined || command === undefined || !isOne) {
    throw new SottoError('usage', 'no file, or no command, was given', {
      inSops: 'error: missing file to decrypt',
      hint: `give a file and one command in quotes, as in: sotto ${example}`,
    });
  }
  const user = flags.text('user');
  return {
    ...commonOptions(context, programOf(command)),
    files: [file, ...others],
    command,
    background: flags.boolean('background'),
    keepKey: likeSops || flags.boolean('keep-key'),
    user: user === '' ? undefined : user,
  };
}

/** The program that a shell command begins with, where that is one: it can begin with a variable, and its value. */
function programOf(command: string): string {
  const [, program = 'sh'] = /^\s*([\w./+-]+)(?:\s|$)/.exec(command) ?? [];
  return program;
}

/** The exit status that says how a program ended, as shells have it: its own, or 128 and the number of the signal. */
export function exitStatus({ status, signal }: ExitResult): number {
  if (status !== undefined) return status;
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return 128 + (number ?? 0);
}

/** How a command ended, as sops says it. */
export function showEnd(result: ShellResult): Output {
  if (result === undefined || result.status === 0) return {};
  const { status, signal } = result;
  if (status !== undefined) return { notes: [`exit status ${status}`], exit: status };
  return { notes: [`signal: ${SIGNALS.get(signal ?? '') ?? signal}`], exit: KILLED };
}
