import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { encryptOnto } from '../operations/change.ts';
import { contentOf } from '../operations/content.ts';
import { encryptAs } from '../operations/encrypt.ts';
import { checkOutput, deliver, type OutputOptions, type TextOutput } from './output.ts';
import { type CreationOptions, creationOf } from './recipients.ts';
import { type CommonOptions, indentFor, keyringOf, loadSettings, ruleFor } from './settings.ts';
import { about, formatOf, formatWarnings, readBytes, readSource } from './source.ts';

/** Options of `encrypt`. */
export interface EncryptOptions extends CommonOptions, OutputOptions, CreationOptions {
  /** `undefined` is stdin. */
  readonly file: string | undefined;
  readonly filenameOverride?: string | undefined;
  /** The encrypted version that keeps its key, recipients and unchanged values. */
  readonly onto?: string | undefined;
}

/** Encrypt a file. */
export async function encrypt(options: EncryptOptions, io: Io): Promise<TextOutput> {
  const { file, filenameOverride } = options;
  checkOutput(options, file);
  const name = filenameOverride ?? file;
  return about(file, async () =>
    options.onto === undefined ? encryptNew(options, name, io) : encryptOver(options, options.onto, io),
  );
}

async function encryptNew(options: EncryptOptions, name: string | undefined, io: Io): Promise<TextOutput> {
  const { file } = options;
  if (name === undefined) {
    throw new SottoError(
      'options-conflict',
      'Error: must specify --filename-override when reading from stdin',
    );
  }
  const bytes = await readBytes(io, file);
  const input = await formatOf(name, options.inputType);
  const output = await formatOf(name, options.outputType ?? options.inputType);
  const path = io.absolute(name);
  const settings = loadSettings(io, options, path);
  const rule = await ruleFor(io, settings, path);
  const creation = creationOf(options, rule, {
    format: input,
    keyring: keyringOf(io, options),
    config: settings.config,
  });
  const content = contentOf(bytes, input, output);
  const result = await encryptAs(content, output, {
    ...creation,
    ...indentFor(options, settings, output.name),
    now: io.now(),
  });
  return deliver(io, result.text, options, file, false, [
    ...settings.warnings,
    ...formatWarnings(output, options.outputType ?? options.inputType),
    ...creation.warnings,
    ...result.warnings,
  ]);
}

async function encryptOver(options: EncryptOptions, onto: string, io: Io): Promise<TextOutput> {
  const { file, inputType } = options;
  const plain = await readBytes(io, file);
  const source = await readSource(io, { file: onto, name: onto, inputType }, 'change');
  const settings = loadSettings(io, options, io.absolute(onto));
  const result = await encryptOnto(source, plain, {
    keyring: keyringOf(io, options),
    ignoreMac: options.ignoreMac === true,
    now: io.now(),
    ...indentFor(options, settings, source.format.name),
  });
  const warnings = [...settings.warnings, ...result.warnings];
  if (options.inPlace === true && !result.changed) return { changed: false, warnings };
  return deliver(io, result.text, options, onto, false, warnings);
}
