import type { Io } from '../io/io.ts';
import { type DecryptResult, decryptSource } from '../operations/decrypt.ts';
import { bytesRead } from '../operations/open.ts';
import { checkOutput, deliver, type OutputOptions, type TextOutput } from './output.ts';
import { type CommonOptions, indentFor, type Tools, toolsOf, wantedPath } from './settings.ts';
import { readSource, type SealedSource, withFileInErrors } from './source.ts';

/** Options of `decrypt`. */
export interface DecryptOptions extends CommonOptions, OutputOptions {
  /** `undefined` is stdin. */
  readonly file: string | undefined;
  readonly filenameOverride?: string | undefined;
  /** A path as in `a.b`. */
  readonly extract?: string | undefined;
}

/** Decrypt a file. */
export async function decrypt(options: DecryptOptions, io: Io): Promise<TextOutput> {
  const { file } = options;
  checkOutput(options, file);
  const name = options.filenameOverride ?? file;
  return withFileInErrors(file, async () => {
    const { result, source } = await decryptOne(options, name, toolsOf(io, options), io);
    return deliver(io, result.content, options, { file, content: bytesRead(source) }, [
      ...source.warnings,
      ...result.warnings,
    ]);
  });
}

/** Decrypt a file, or stdin, without writing it. @param name decides on the type */
export async function decryptOne(
  options: CommonOptions & Pick<DecryptOptions, 'file' | 'extract'>,
  name: string | undefined,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<{ readonly source: SealedSource; readonly result: DecryptResult }> {
  const { file, extract } = options;
  const holds = extract === undefined || extract === '';
  const source = await readSource(io, { ...options, name, holds }, configurations);
  const config = configurations.for(file === undefined ? undefined : io.absolute(file));
  const { output } = source;
  const result = await decryptSource(source, {
    keyring,
    ignoreMac: options.ignoreMac,
    markup: options.markup,
    output,
    extract: extract === undefined || extract === '' ? undefined : wantedPath(extract, options),
    indent: indentFor(options, config, output.name, 'Error dumping file'),
  });
  return { source, result };
}
