import type { Io } from '../io/io.ts';
import { decryptSource } from '../operations/decrypt.ts';
import { checkOutput, deliver, type OutputOptions, type TextOutput } from './output.ts';
import { type CommonOptions, Configurations, indentFor, keyringOf } from './settings.ts';
import { about, readSource } from './source.ts';

/** Options of `decrypt`. */
export interface DecryptOptions extends CommonOptions, OutputOptions {
  /** `undefined` is stdin. */
  readonly file: string | undefined;
  readonly filenameOverride?: string | undefined;
  /** A path as in `["a"]["b"]`. */
  readonly extract?: string | undefined;
}

/** Decrypt a file. */
export async function decrypt(options: DecryptOptions, io: Io): Promise<TextOutput> {
  const { file, extract } = options;
  checkOutput(options, file);
  const name = options.filenameOverride ?? file;
  return about(file, async () => {
    const keyring = keyringOf(io, options);
    const configurations = new Configurations(io, options);
    const source = await readSource(io, { ...options, name }, configurations);
    const config = configurations.for(file === undefined ? undefined : io.absolute(file));
    const { output } = source;
    const result = await decryptSource(source, {
      keyring,
      ignoreMac: options.ignoreMac === true,
      output,
      ...(extract === undefined || extract === '' ? {} : { extract }),
      ...indentFor(options, config, output.name, 'Error dumping file'),
    });
    return deliver(io, result.content, options, { file, content: source.text }, [
      ...source.warnings,
      ...result.warnings,
    ]);
  });
}
