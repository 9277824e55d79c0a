import { hasTokens } from '../core/sops/token.ts';
import type { Warning } from '../core/splice/warning.ts';
import { attemptAsync } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { isEncrypted } from '../operations/open.ts';
import { allOrNone, expandFiles, type FileResult, type Progress, type Together } from './batch.ts';
import { encryptBytes, requireOnlyName } from './encrypt.ts';
import { isOfTools, ruledIn } from './folder.ts';
import { isKeyFile } from './key-file.ts';
import type { CreationOptions } from './recipients.ts';
import { type CommonOptions, type Tools, toolsOf } from './settings.ts';
import { pendingWrite, readBytes, readSource, withFileInErrors } from './source.ts';

/** Options of `encrypt -i` with several files. */
export interface EncryptManyOptions extends CommonOptions, CreationOptions {
  /** Files, and folders, of which those are taken that a creation rule matches. */
  readonly files: readonly string[];
  readonly progress?: Progress | undefined;
}

/** What came of a file. */
export interface EncryptManyResult extends FileResult {
  readonly outcome: 'encrypted' | 'encrypted-already' | 'left' | 'failed';
  readonly warnings: readonly Warning[];
}

const ALONE = 'name it alone if it is to be encrypted';
const WITH_KEY: Warning = { message: 'it holds a private key, so it is left as it is', hint: ALONE };
const ONLY_ALONE: Warning = { message: 'programs read it as it is, so it is left so', hint: ALONE };

/** Encrypt files in place: all of them, or none. Those that are encrypted already are left alone. */
export async function encryptMany(options: EncryptManyOptions, io: Io): Promise<Together<EncryptManyResult>> {
  const tools = toolsOf(io, options);
  const files = await expandFiles(io, options.files, (name) =>
    ruledIn(io, name, tools.configurations, options.warn),
  );
  tools.keyring.expect(async () => ({ entries: [], files: files.length }));
  return allOrNone(
    files,
    {
      ...options,
      keyring: tools.keyring,
      work: (file) => encryptOne(file, options, tools, io),
      failed: (file, error) => ({ file, error, outcome: 'failed', warnings: [] }),
    },
    io,
  );
}

async function encryptOne(
  file: string,
  options: EncryptManyOptions,
  tools: Tools,
  io: Io,
): Promise<EncryptManyResult> {
  return withFileInErrors(file, async () => {
    const bytes = await readBytes(io, file);
    const path = io.absolute(file);
    if (isOfTools(path) || isKeyFile(io, path, bytes))
      return { file, outcome: 'left', warnings: [isOfTools(path) ? ONLY_ALONE : WITH_KEY] };
    if (await isSealed(file, bytes, options, tools, io))
      return { file, outcome: 'encrypted-already', warnings: [] };
    requireOnlyName(io, file);
    const { content, warnings } = await encryptBytes(
      bytes,
      file,
      { ...options, file, replaces: true },
      tools,
      io,
    );
    return { file, outcome: 'encrypted', warnings, write: pendingWrite(io, file, content, bytes) };
  });
}

/** Whether a file is encrypted; false if it can't be parsed. */
async function isSealed(
  file: string,
  bytes: Uint8Array,
  options: EncryptManyOptions,
  { configurations }: Tools,
  io: Io,
): Promise<boolean> {
  if (!hasTokens(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) return false;
  return (
    (await attemptAsync(async () =>
      isEncrypted(await readSource(io, { ...options, file, name: file }, configurations)),
    )) ?? false
  );
}
