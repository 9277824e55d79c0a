import type { CreationRule } from '../config/config.ts';
import { hasLifecycle } from '../config/lifecycle/opt-in.ts';
import { hasTokens } from '../core/sops/token.ts';
import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import { attemptAsync, SottoError } from '../errors.ts';
import type { FileWrite, Io, Known } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';
import { holdingSource } from '../operations/long-file.ts';
import type { Source } from '../operations/open.ts';
import { type Configurations, ruleIfAny } from './configurations.ts';
import { chooseFormats } from './format-choice.ts';

/** The file that a command works on. */
export interface Target {
  /** As the user named it; `undefined` is stdin. */
  readonly file: string | undefined;
  /** The name that decides on the type and the rule. */
  readonly name: string | undefined;
  readonly inputType?: string | undefined;
  readonly outputType?: string | undefined;
  readonly likeSops?: boolean | undefined;
  /** Whether the data of a long token may be held out of the text. */
  readonly holds?: boolean;
}

/**
 * What asks for a file decides what it means that it is missing: `file-missing` (100), or sops's status 2 or 1; to
 * `open` or `publish` it, it has the name that the user gave it.
 */
export type Missing = 'encrypt' | 'change' | 'open' | 'update' | 'publish';

/** An encrypted file, as text, and the format of the result. */
export interface SealedSource extends Source {
  readonly output: Format;
  readonly warnings: readonly Warning[];
}

/**
 * Read an encrypted file, or stdin.
 *
 * @param configurations where the creation rule is found, if nothing else says what type the file is of
 * @throws SottoError `file-missing`, `input-unreadable`, `input-invalid`
 */
export async function readSource(
  io: Io,
  target: Target,
  configurations: Configurations,
  missing: Missing = 'encrypt',
): Promise<SealedSource> {
  const { file, name, holds } = target;
  const bytes = await readBytes(io, file, missing);
  const holding = holds === true ? holdingSource(bytes, io.releaseMemory) : undefined;
  const short = holding?.text ?? sealedText(bytes, file);
  const path = name === undefined ? undefined : io.absolute(name);
  const rule = async (): Promise<CreationRule | undefined> =>
    path === undefined ? undefined : ruleIfAny(io, configurations.for(path), path);
  const { input, output, warnings } = await chooseFormats(name, target, { sealed: short, rule });
  const isWhole = input.binary !== undefined && output.binary !== undefined;
  const text = holding === undefined || isWhole ? short : sealedText(bytes, file);
  const origin = file === undefined ? undefined : io.absolute(file);
  const isDated = (): boolean => target.likeSops !== true && hasLifecycle(configurations.for(path));
  const source = {
    text,
    format: input,
    path,
    origin,
    isDated,
    output,
    warnings,
    ...(isWhole ? holding : {}),
  };
  if (target.likeSops === true || hasTokens(text)) return source;
  const wanting = await nameIfAny(rule);
  return wanting === undefined ? source : { ...source, inClear: { file: file ?? 'FILE', rule: wanting } };
}

const NO_TEXT =
  'encrypted files are: if it is not encrypted yet, that is done by "sotto encrypt -i FILE"; else restore it from git';

/** A configuration that can't be read is reported elsewhere. */
async function nameIfAny(rule: () => Promise<CreationRule | undefined>): Promise<string | undefined> {
  return attemptAsync(async () => (await rule())?.name);
}

/** Read a file, or stdin. @throws SottoError `file-missing`, `input-unreadable` */
export async function readBytes(
  io: Io,
  file: string | undefined,
  missing: Missing = 'encrypt',
): Promise<Uint8Array> {
  if (file === undefined) return io.readStdin();
  try {
    return io.read(io.absolute(file));
  } catch (error) {
    requireFile(io, file, missing);
    throw error;
  }
}

const FOLDER_HINT =
  'name a file in it; with -i, encrypt and decrypt work on all files in it: sotto decrypt -i FILE';

/** @throws SottoError `file-missing`; status 2 where sops has that */
export function requireFile(io: Io, file: string, missing: Missing): void {
  const path = io.absolute(file);
  const name = missing === 'open' || missing === 'publish' ? file : path;
  if (io.isFolder(path)) {
    throw new SottoError('input-unreadable', `${file} is a folder`, {
      inSops: `Error reading file: read ${name}: is a directory`,
      file,
      hint: missing === 'encrypt' || missing === 'open' ? FOLDER_HINT : 'name the files in it',
    });
  }
  if (io.exists(path)) return;
  const hint =
    file === '-'
      ? 'leave it out: stdin is read where no file is named'
      : `check the name; the working folder is ${io.folder}`;
  if (missing === 'encrypt')
    throw new SottoError('file-missing', `there is no file ${file}`, {
      inSops: `Error: cannot operate on non-existent file "${path}"`,
      file,
      hint,
    });
  if (missing === 'update' || missing === 'publish')
    throw new SottoError('input-unreadable', `there is no file ${file}`, {
      inSops: `stat ${name}: no such file or directory`,
      exit: 1,
      file,
      hint,
    });
  throw new SottoError('input-unreadable', `there is no file ${file}`, {
    inSops: `Error reading file: open ${name}: no such file or directory`,
    file,
    hint,
  });
}

/** A result for a file, which is only written if the file holds by then what was read of it. */
export function pendingWrite(
  io: Io,
  file: string,
  result: string | Uint8Array,
  before: string | Uint8Array,
): FileWrite {
  return {
    path: io.absolute(file),
    content: result,
    known: { name: file, content: before },
  };
}

/** What is known of a file that was read. */
export function knownOf(file: string, { text }: Source): Known {
  return { name: file, content: text };
}

/** An encrypted file as text. Bytes that are no UTF-8 give the error and the exit status of a file that can't be parsed. */
function sealedText(bytes: Uint8Array, file: string | undefined): string {
  try {
    return decodeUtf8(bytes, file);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const inSops = `Could not unmarshal input data: ${error.inSops}`;
    // PowerShell makes UTF-16 of an encrypted file; anything else was never one, or is broken.
    const isConverted = error.message.includes('UTF-16');
    throw error.with({ exit: 1, inSops, ...(isConverted ? {} : { hint: NO_TEXT }) }, error.message);
  }
}

/** Do something to a file; an error that comes of it names the file. */
export async function withFileInErrors<Result>(
  file: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SottoError && file !== undefined && error.details.file === undefined)
      throw error.with({ file });
    throw error;
  }
}
