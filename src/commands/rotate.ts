import type { NamedRecipient } from '../config/config.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { isSameRecipient, type RecipientName } from '../keys/index.ts';
import { inFull, NO_NAMES } from '../keys/names.ts';
import { decryptOpen, openFile, readEncrypted } from '../operations/open.ts';
import { recipientsAfter, rotateText } from '../operations/rotate.ts';
import { eachFile, type FileResult, type Progress, sealedFiles } from './batch.ts';
import { checkOutput, deliver, type OutputOptions } from './output.ts';
import { recipientsOf } from './recipients.ts';
import { rulingOn } from './ruling.ts';
import { type CommonOptions, indentFor, namesFor, type Tools, toolsOf } from './settings.ts';
import { pendingWrite, readSource, requireFile, withFileInErrors } from './source.ts';

/** Options of `rotate`. */
export interface RotateOptions extends CommonOptions, OutputOptions {
  /** Files, and folders of them; more than one file needs `inPlace`. */
  readonly files: readonly string[];
  readonly filenameOverride?: string | undefined;
  readonly add?: readonly NamedRecipient[] | undefined;
  readonly remove?: readonly NamedRecipient[] | undefined;
  /** Write nothing; see whether all files could be rotated. */
  readonly check?: boolean | undefined;
  readonly progress?: Progress | undefined;
}

/** What came of a file. */
export interface RotateResult extends FileResult {
  readonly stdout?: string | Uint8Array | undefined;
  /** Whom the new data key is wrapped for, group by group; none where nothing was rotated. */
  readonly groups?: readonly (readonly string[])[];
  /** Who was to be taken out, and was not there. */
  readonly absent?: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Give files a new data key. */
export async function rotate(options: RotateOptions, io: Io): Promise<RotateResult[]> {
  const [first, second] = options.files;
  const tools = toolsOf(io, options);
  if (first === undefined)
    throw new SottoError('no-file', 'no file was named', {
      inSops: 'Error: no file specified',
      hint: 'name files, or folders: sotto rotate -i secrets/',
    });
  const isOne = second === undefined && !io.isFolder(io.absolute(first));
  const isEdited = (options.add ?? []).length + (options.remove ?? []).length > 0;
  if (isOne) {
    if (isEdited && !io.exists(io.absolute(first))) {
      throw new SottoError(
        'keys-for-missing-file',
        `there is no file ${first} whose recipients could change`,
        {
          inSops: `Error: cannot add or remove keys on non-existent file "${io.absolute(first)}", use the \`edit\` subcommand instead.`,
          hint: `check the name; the working folder is ${io.folder}`,
        },
      );
    }
    requireFile(io, first, 'change');
    checkOutput(options, first);
    return [await rotateOne(first, options, tools, io, false)];
  }
  if (options.output !== undefined) {
    throw new SottoError('options-conflict', 'several files do not fit into one --output', {
      inSops: 'Error: several files do not fit into one --output',
      hint: 'rotate them with --in-place, or one by one',
    });
  }
  if (options.inPlace !== true && options.check !== true) {
    throw new SottoError('usage', 'several files can only be rotated in place', { hint: 'add --in-place' });
  }
  const files = await sealedFiles(options.files, options, tools, io);
  return eachFile(
    files,
    {
      ...options,
      keyring: tools.keyring,
      work: (file) => rotateOne(file, options, tools, io, true),
      failed: (file, error) => ({ file, error, warnings: [] }),
    },
    io,
  );
}

async function rotateOne(
  file: string,
  options: RotateOptions,
  tools: Tools,
  io: Io,
  isOneOfMany: boolean,
): Promise<RotateResult> {
  const { keyring, configurations } = tools;
  return withFileInErrors(file, async () => {
    const name = options.filenameOverride ?? file;
    const source = await readSource(io, { ...options, file, name }, configurations, 'change');
    const { output } = source;
    const add = (await recipientsOf([options.add ?? []], keyring)).flat();
    const remove = options.remove ?? [];
    // Of the keyring, which knows each once: names from a text would keep it in memory.
    const held = await keyring.recipientsOf(readEncrypted(source).metadata.groups);
    const ruling = await rulingOn(source, name, options, tools, io);
    const after = recipientsAfter<RecipientName>(held, { add, remove });
    ruling.requireNamed(after, add);
    if (options.check === true) {
      await decryptOpen(await openFile(source, keyring), options);
      return { file, warnings: [] };
    }
    const config = configurations.for(io.absolute(file));
    const result = await rotateText(source, {
      keyring,
      ignoreMac: options.ignoreMac,
      markup: options.markup,
      clear: options.likeSops === true,
      add,
      remove,
      now: io.now(),
      output,
      indent: indentFor(options, config, output.name),
    });
    const warnings = [...source.warnings, ...result.warnings];
    const before = [...held.flat(), ...add];
    const absent = remove.filter((gone) => !before.some((one) => isSameRecipient(gone, one)));
    const names = options.likeSops === true ? NO_NAMES : await namesFor(configurations, io.absolute(name));
    const done = {
      file,
      groups: after.map((group) => group.map((one) => inFull(one, names))),
      absent: absent.map((one) => inFull(one, names)),
      warnings,
    };
    if (isOneOfMany) return { ...done, write: pendingWrite(io, file, result.text, source.text) };
    const input = { file, content: source.text };
    const { stdout } = await deliver(io, result.text, options, input, warnings);
    return { ...done, stdout };
  });
}
