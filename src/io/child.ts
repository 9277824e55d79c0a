import { SottoError } from '../errors.ts';
import { batchCommand, isBatchFile } from './batch-file.ts';
import { childProcesses } from './builtins.ts';
import { pathOfProgram } from './find-program.ts';
import type { ExitResult } from './io.ts';
import { runProgram } from './program.ts';
import { reasonOf } from './reason.ts';
import { splitWords } from './shell-words.ts';

type Environment = { readonly [name: string]: string | undefined };

/** Run a command line and return what it prints. @throws Error with the reason, which does not hold its output */
export async function runCommand(
  command: string,
  environment: Environment,
  folder: string,
): Promise<Uint8Array> {
  const [program = '', ...args] = splitWords(command);
  const path = pathOfProgram(program, environment, folder);
  const { status, stdout } = await runProgram(path, args, { environment }, folder);
  if (status === 0) return stdout;
  throw new Error(
    status === undefined ? 'a signal ended the command' : `the command ended with status ${status}`,
  );
}

/** Run a program with the streams of this one. @throws SottoError `canceled` when a signal arrives meanwhile */
export function runOnTerminal(
  words: readonly string[],
  environment: Environment,
  folder: string,
): Promise<ExitResult> {
  const [program = '', ...args] = words;
  return new Promise((accept, refuse) => {
    const path = pathOfProgram(program, environment, folder);
    const settings = { cwd: folder, env: { ...environment }, stdio: 'inherit' } as const;
    const child = isBatchFile(path, process.platform)
      ? childProcesses().spawn(environment['ComSpec'] ?? 'cmd.exe', batchCommand(path, args), {
          ...settings,
          windowsVerbatimArguments: true,
        })
      : childProcesses().spawn(path, args, { ...settings, argv0: program });
    const cancel = (): void => {
      child.kill();
      settle();
      refuse(
        new SottoError('canceled', 'canceled', {
          inSops: 'User canceled operation',
          hint: 'nothing was written',
        }),
      );
    };
    const settle = (): void => {
      process.off('SIGINT', cancel);
      process.off('SIGTERM', cancel);
      process.off('SIGHUP', cancel);
    };
    process.on('SIGINT', cancel);
    process.on('SIGTERM', cancel);
    process.on('SIGHUP', cancel);
    child.on('error', (error) => {
      settle();
      refuse(new Error(reasonOf(error)));
    });
    child.on('exit', (status, signal) => {
      settle();
      accept({ status: status ?? undefined, signal: signal ?? undefined });
    });
  });
}
