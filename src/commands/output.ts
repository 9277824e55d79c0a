import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';

/** Where a result goes. */
export interface OutputOptions {
  readonly inPlace?: boolean | undefined;
  readonly output?: string | undefined;
}

/** What a command that makes a text has done. */
export interface TextOutput {
  /** The text (or the bytes of what is none), if it goes to stdout. */
  readonly stdout?: string | Uint8Array;
  /** The file that was written. */
  readonly written?: string;
  /** False when the file was left as it is. */
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}

/** @throws SottoError `options-conflict` */
export function checkOutput({ inPlace, output }: OutputOptions, file: string | undefined): void {
  if (inPlace === true && output !== undefined) {
    throw new SottoError('options-conflict', 'Error: cannot operate on both --output and --in-place', {
      hint: 'leave one of the two out',
    });
  }
  if (inPlace === true && file === undefined) {
    throw new SottoError('options-conflict', 'Error: cannot use --in-place when reading from stdin', {
      hint: 'name the file, or leave --in-place out and take the result from stdout',
    });
  }
}

/** Write a result where it is to go. */
export function deliver(
  io: Io,
  content: string | Uint8Array,
  options: OutputOptions,
  file: string | undefined,
  warnings: readonly Warning[],
): TextOutput {
  const target = options.inPlace === true ? file : options.output;
  if (target === undefined || target === '') return { stdout: content, changed: true, warnings };
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  inSopsWords(target, options.inPlace === true, () => io.write(io.absolute(target), bytes));
  return { written: target, changed: true, warnings };
}

function inSopsWords(target: string, inPlace: boolean, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const reason = /[^:]*$/.exec(error.message)?.[0] ?? '';
    const what = inPlace ? 'in-place' : 'output';
    throw error.with({ inSops: `Could not open ${what} file for writing: open ${target}:${reason}` });
  }
}
