import { posix } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { CommonOptions } from '../settings.ts';
import type { CheckResult, Reported } from './result.ts';

/** One command that was run. */
export interface Mended {
  readonly command: readonly string[];
  /** Why it did not work. */
  readonly error?: SottoError;
}

/** Run the commands that mend findings, those that need no decision; each once. */
export async function mend(
  { findings, top }: CheckResult,
  options: CommonOptions,
  io: Io,
): Promise<Mended[]> {
  const commands = new Map<string, Reported>();
  for (const finding of findings)
    if (finding.fix?.automatic === true) commands.set(finding.fix.command.join('\0'), finding);
  const done: Mended[] = [];
  for (const { fix, file } of commands.values()) {
    const command = fix?.command ?? [];
    try {
      await runFix(command[1] ?? '', posix.join(top, file), options, io);
      done.push({ command });
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      done.push({ command, error });
    }
  }
  return done;
}

/** As the command line would. */
async function runFix(verb: string, file: string, options: CommonOptions, io: Io): Promise<void> {
  switch (verb) {
    case 'encrypt': {
      const { encrypt } = await import('../encrypt.ts');
      await encrypt({ ...options, file, inPlace: true }, io);
      return;
    }
    case 'rotate': {
      const { rotate } = await import('../rotate.ts');
      throwFirst(await rotate({ ...options, files: [file], inPlace: true }, io));
      return;
    }
    case 'sync': {
      const { sync } = await import('../sync.ts');
      throwFirst(
        await sync(
          { ...options, files: [file], check: false, keepGoing: false, confirm: async () => true },
          io,
        ),
      );
      return;
    }
    case 'init': {
      const { init } = await import('../init/init.ts');
      await init({ files: [], hook: 'auto', isLocal: true, isDry: false, questions: NO_QUESTIONS }, io);
      return;
    }
    default:
      throw new SottoError('internal', `nothing mends by "${verb}"`);
  }
}

function throwFirst(results: readonly { readonly error?: SottoError | undefined }[]): void {
  const error = results.find((result) => result.error !== undefined)?.error;
  if (error !== undefined) throw error;
}

const NO_QUESTIONS = {
  key: async () => 0,
  files: async (globs: readonly string[]) => globs,
  hook: async () => true,
};
