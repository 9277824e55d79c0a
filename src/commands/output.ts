import { basename, join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { ChangedMeanwhile } from '../io/atomic-write.ts';
import type { Io } from '../io/io.ts';
import type { Source } from '../operations/open.ts';
import type { Summary } from './summary.ts';

/** Where a result goes. */
export interface OutputOptions {
  readonly inPlace?: boolean | undefined;
  readonly output?: string | undefined;
}

/** What a command that makes a text has done. */
export interface TextOutput {
  /** What goes to stdout, if anything: text, or the bytes of a binary file. */
  readonly stdout?: string | Uint8Array;
  /** The file that was written. */
  readonly written?: string;
  /** False when the file was left as it is. */
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
  /** What was encrypted, and for whom; worked out when somebody wants to know. */
  readonly summary?: (() => Promise<Summary>) | undefined;
}

/** @throws SottoError `options-conflict` */
export function checkOutput({ inPlace, output }: OutputOptions, file: string | undefined): void {
  if (inPlace === true && output !== undefined) {
    throw new SottoError('options-conflict', '--output and --in-place exclude each other', {
      inSops: 'Error: cannot operate on both --output and --in-place',
      hint: 'leave one of the two out',
    });
  }
  if (inPlace === true && file === undefined) {
    throw new SottoError('options-conflict', '--in-place needs a file, and stdin is none', {
      inSops: 'Error: cannot use --in-place when reading from stdin',
      hint: 'name the file, or leave --in-place out and take the result from stdout',
    });
  }
}

/** The file that a result is made of. */
export interface Input {
  /** `undefined` is stdin. */
  readonly file: string | undefined;
  /** What was read there. */
  readonly content: string | Uint8Array;
}

/**
 * Write a result where it is to go: to the file that it is made of only if nobody has changed that meanwhile.
 *
 * @throws SottoError `output-unwritable`
 */
export async function deliver(
  io: Io,
  result: string | Uint8Array,
  options: OutputOptions,
  input: Input,
  warnings: readonly Warning[],
): Promise<TextOutput> {
  const target = options.inPlace === true ? input.file : options.output;
  if (target === undefined || target === '') return { stdout: result, changed: true, warnings };
  refuseFolder(io, target, input.file);
  const known = isSameFile(io, target, input.file) ? { name: target, content: input.content } : undefined;
  const write = (): Promise<void> => io.write(io.absolute(target), result, { known });
  await inSopsWords(target, options.inPlace === true, write);
  return { written: target, changed: true, warnings };
}

/** A name that is a folder's is not made a file's. @param file whose name the file in it may have @throws SottoError `output-unwritable` */
export function refuseFolder(io: Io, target: string, file: string | undefined): void {
  const isThere = io.isFolder(io.absolute(target));
  if (!isThere && !/[/\\]$/.test(target)) return;
  const inside = join(target, file === undefined ? 'FILE' : basename(file));
  throw new SottoError(
    'output-unwritable',
    `can't write ${target}: ${isThere ? 'it is a folder' : 'the "/" at its end says that it is a folder'}, and the result is one file`,
    {
      inSops: `Could not open output file for writing: open ${target}: is a directory`,
      hint: `name the file: --output ${inside}`,
    },
  );
}

/** Tells of an encrypted text what it holds; most results are for nobody who asks. */
export function summarized(source: Source, config: Config | undefined): () => Promise<Summary> {
  return async () => (await import('./summary.ts')).summaryOf(source, config);
}

function isSameFile(io: Io, one: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  return one === other || io.realPath(io.absolute(one)) === io.realPath(io.absolute(other));
}

async function inSopsWords(target: string, inPlace: boolean, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof SottoError) || error instanceof ChangedMeanwhile) throw error;
    const reason = /[^:]*$/.exec(error.message)?.[0] ?? '';
    const what = inPlace ? 'in-place' : 'output';
    throw error.with({ inSops: `Could not open ${what} file for writing: open ${target}:${reason}` });
  }
}
