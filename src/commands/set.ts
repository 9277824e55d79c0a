import type { Warning } from '../core/splice/warning.ts';
import type { WantedPath } from '../core/tree/find-path.ts';
import { EXIT_STATUS, SottoError } from '../errors.ts';
import { json } from '../formats/json/index.ts';
import type { Io } from '../io/io.ts';
import type { ChangeOptions, ChangeResult } from '../operations/change.ts';
import { decodeUtf8 } from '../operations/content.ts';
import type { Source } from '../operations/open.ts';
import { parseValue, refuseReserved, setValue, unsetValue } from '../operations/set.ts';
import { summarized, type TextOutput } from './output.ts';
import { reapplied } from './reapplied.ts';
import { rulingOn } from './ruling.ts';
import { type CommonOptions, indentFor, toolsOf, wantedPath } from './settings.ts';
import { knownOf, readSource, withFileInErrors } from './source.ts';

/** Options of `set` and `unset`. */
export interface SetOptions extends CommonOptions, Pick<ChangeOptions, 'idempotent'> {
  readonly file: string;
  /** As in `a.b`. */
  readonly path: string;
}

/** The value for `set`: JSON, or where it is. */
export type ValueSource =
  | { readonly text: string }
  | { readonly file: string }
  | { readonly stdin: 'json' | 'text' };

/** Set one value of an encrypted file. */
export async function set(options: SetOptions, value: ValueSource, io: Io): Promise<TextOutput> {
  const path = pathOf(options, 'Invalid set index format');
  const text = await readValue(value, io);
  const node = parseValue(text, json);
  if (!('written' in path)) refuseReserved(path);
  const newInClear = options.clear === true || options.likeSops === true;
  const result = await change(options, io, (source, settings) =>
    setValue(source, path, node, { ...settings, newInClear }),
  );
  const isNothing = 'stdin' in value && value.stdin === 'text' && text === '""';
  return isNothing ? { ...result, warnings: [...result.warnings, NOTHING_ON_STDIN] } : result;
}

/** A variable without a value, or a program that failed in front of the pipe, would take a password away silently. */
const NOTHING_ON_STDIN: Warning = {
  message: 'the text on stdin is empty, and so is the value now',
  hint: 'if that was not meant, see whether the variable or the program in front of the pipe gives anything, and set it again',
};

/** Take one value out of an encrypted file. */
export async function unset(options: SetOptions, io: Io): Promise<TextOutput> {
  const path = pathOf(options, 'Invalid unset index format');
  try {
    return await change(options, io, (source, settings) => unsetValue(source, path, settings));
  } catch (error) {
    if (options.idempotent === true && error instanceof SottoError && error.code === 'path-missing') {
      return { changed: false, warnings: [] };
    }
    throw error;
  }
}

function pathOf(options: SetOptions, message: string): WantedPath {
  try {
    return wantedPath(options.path, options);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    throw new SottoError('set-invalid', message, { ...error.details, cause: error });
  }
}

/** A path that is none has the exit status of sops here. */
function asSetError(error: unknown): unknown {
  const isOfPath =
    error instanceof SottoError && (error.code === 'path-invalid' || error.code === 'path-ambiguous');
  return isOfPath ? error.with({ exit: EXIT_STATUS['set-invalid'] }) : error;
}

async function readValue(value: ValueSource, io: Io): Promise<string> {
  if ('text' in value) return value.text;
  if ('file' in value) return readValueFile(value.file, io);
  const text = decodeUtf8(await io.readStdin());
  return value.stdin === 'json' ? text : JSON.stringify(text.replace(/\r?\n$/, ''));
}

/** The file of `--value-file` can't be read: sops's exit status. */
function readValueFile(file: string, io: Io): string {
  try {
    return decodeUtf8(io.read(io.absolute(file)), file);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const reason = error.message.replace('Error reading file: ', '').replace(io.absolute(file), file);
    throw error.with({ exit: 1, hint: 'with --value-file, VALUE is the name of a file' }, reason);
  }
}

async function change(
  options: SetOptions,
  io: Io,
  make: (source: Source, settings: ChangeOptions) => Promise<ChangeResult>,
): Promise<TextOutput> {
  const { file } = options;
  return withFileInErrors(file, async () => {
    const tools = toolsOf(io, options);
    const { keyring, configurations } = tools;
    return reapplied(io, file, async () => {
      const source = await readSource(io, { ...options, name: file }, configurations, 'change');
      const config = configurations.for(io.absolute(file));
      const { ruled } = await rulingOn(source, file, options, tools, io);
      const { output } = source;
      const settings = {
        keyring,
        ignoreMac: options.ignoreMac,
        markup: options.markup,
        clear: options.likeSops === true,
        now: io.now(),
        output,
        idempotent: options.idempotent,
        ruled,
        indent: indentFor(options, config, output.name),
      };
      const result = await make(source, settings).catch((error: unknown) => {
        throw asSetError(error);
      });
      const warnings = [...source.warnings, ...result.warnings];
      if (!result.changed) return { changed: false, warnings };
      await io.write(io.absolute(file), result.text, { known: knownOf(file, source) });
      const summary = summarized({ text: result.text, format: output }, config);
      return { written: file, changed: true, warnings, summary };
    });
  });
}
