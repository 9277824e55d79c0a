import { SottoError } from '../errors.ts';
import type { ExitResult, ForegroundProgram, Io } from '../io/io.ts';
import { runProgram } from './shell.ts';

/** How a command is run again when its files change. */
export interface WatchOptions {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** Read the files, and make the program anew. */
  readonly prepare: () => Promise<ForegroundProgram>;
  /** The files can't be used as they are now; the command goes on with what it has. */
  readonly failed: (error: SottoError) => void;
  /** The command is about to be ended, and started with other variables. */
  readonly restarting: () => void;
}

/**
 * Run a program, and again with its new environment when files change so that it has another one. It ends when the
 * program ends by itself, or by a signal from outside.
 */
export async function runWatching(options: WatchOptions, io: Io): Promise<ExitResult> {
  let next: ForegroundProgram | undefined;
  let stop = (): void => undefined;
  let failure: unknown;
  let checks: Promise<void> = Promise.resolve();
  const check = async (): Promise<void> => {
    try {
      const changed = await options.prepare();
      if (sameEnvironment(changed, next ?? program)) return;
      if (next === undefined) options.restarting();
      next = changed;
      stop();
    } catch (error) {
      if (error instanceof SottoError) options.failed(error);
      else {
        failure = error;
        stop();
      }
    }
  };
  let program = await options.prepare();
  const unwatch = io.watchFiles(options.paths, () => {
    checks = checks.then(check);
  });
  try {
    for (;;) {
      const started: ForegroundProgram['started'] = (running) => {
        stop = running.stop;
      };
      const result = await runProgram({ ...program, started }, io);
      if (failure !== undefined) throw failure;
      if (next === undefined || result.isInterrupted === true) return result;
      program = next;
      next = undefined;
    }
  } finally {
    unwatch();
  }
}

function sameEnvironment(a: ForegroundProgram, b: ForegroundProgram): boolean {
  const textOf = ({ environment }: ForegroundProgram): string =>
    JSON.stringify(Object.entries(environment).sort());
  return textOf(a) === textOf(b);
}
