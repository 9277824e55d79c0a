import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { SottoError } from '../errors.ts';
import type { ExitResult } from './io.ts';
import { reasonOf } from './reason.ts';
import { splitWords } from './shell-words.ts';

type Environment = { readonly [name: string]: string | undefined };

/** The full path of a program in the PATH, or of one named with a slash. */
export function findProgram(name: string, environment: Environment, folder: string): string | undefined {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  const folders =
    name.includes('/') || isAbsolute(name) ? [folder] : (environment['PATH'] ?? '').split(delimiter);
  for (const one of folders) {
    for (const suffix of suffixes) {
      const path = isAbsolute(name)
        ? name + suffix
        : join(resolve(folder, one === '' ? '.' : one), name + suffix);
      if (isProgram(path)) return path;
    }
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Run a command line and return what it prints. @throws Error with the reason, which does not hold its output */
export function runCommand(command: string, environment: Environment, folder: string): Promise<string> {
  const [program = '', ...args] = splitWords(command);
  return new Promise((accept, refuse) => {
    execFile(program, args, { cwd: folder, env: { ...environment }, encoding: 'utf8' }, (error, stdout) => {
      if (error === null) accept(stdout);
      else
        refuse(
          new Error(
            typeof error.code === 'number' ? `the command ended with status ${error.code}` : reasonOf(error),
          ),
        );
    });
  });
}

/** Run a program with the streams of this one. @throws SottoError `canceled` when a signal arrives meanwhile */
export function runOnTerminal(
  words: readonly string[],
  environment: Environment,
  folder: string,
): Promise<ExitResult> {
  const [program = '', ...args] = words;
  return new Promise((accept, refuse) => {
    const child = spawn(program, args, { cwd: folder, env: { ...environment }, stdio: 'inherit' });
    const cancel = (): void => {
      child.kill();
      settle();
      refuse(new SottoError('canceled', 'User canceled operation', { hint: 'nothing was written' }));
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
