import type { Warning } from '../core/splice/warning.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { ExitResult, ForegroundProgram, Io } from '../io/io.ts';
import type { CommonOptions } from './settings.ts';

/** Options that `exec-env` and `exec-file` have alike. */
export interface ShellOptions extends CommonOptions {
  /** For the shell. */
  readonly command: string;
  readonly background?: boolean | undefined;
  /** The variable that holds a private key goes on to the command. */
  readonly keepKey?: boolean | undefined;
  /** Name of the account that the command runs as. */
  readonly user?: string | undefined;
}

/** How a command ended; `undefined` for one that goes on in the background. */
export type ShellResult = ExitResult | undefined;

/** Run a command in front of the user. @throws SottoError `command-failed` when it does not start */
export function runProgram(program: ForegroundProgram, io: Io): Promise<ExitResult> {
  return started(io.runInForeground(program), program);
}

/** Start a command, and leave it alone. @throws SottoError `command-failed` when it does not start */
export function startProgram(program: ForegroundProgram, io: Io): Promise<void> {
  return started(io.runInBackground(program), program);
}

async function started<Result>(work: Promise<Result>, program: ForegroundProgram): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const name = 'command' in program ? '/bin/sh' : program.name;
    const reason = messageOf(error);
    throw new SottoError('command-failed', `fork/exec ${name}: ${reason}`, {
      hint: reason.startsWith('argument list')
        ? 'the values are more than an environment can hold; "sotto exec-file" hands them over in a file'
        : 'nothing was run',
    });
  }
}

/** sops is going to take `--background` away. */
export function backgroundWarning(verb: string): Warning {
  return {
    message: `${verb}'s --background option is deprecated and will be removed in a future version of sops`,
  };
}
