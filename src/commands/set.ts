import type { Warning } from '../core/splice/warning.ts';
import type { WantedPath } from '../core/tree/find-path.ts';
import { EXIT_STATUS, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { ChangeOptions, ChangeResult } from '../operations/change.ts';
import type { Source } from '../operations/open.ts';
import { refuseReserved, setValue, unsetValue } from '../operations/set.ts';
import { summarized, type TextOutput } from './output.ts';
import { reapplied } from './reapplied.ts';
import { rulingOn } from './ruling.ts';
import { type CommonOptions, indentFor, toolsOf, wantedPath } from './settings.ts';
import { knownOf, readSource, withFileInErrors } from './source.ts';
import { isNothing, readValue, type ValueSource } from './value-source.ts';

/** Options of `set` and `unset`. */
export interface SetOptions extends CommonOptions, Pick<ChangeOptions, 'idempotent'> {
  readonly file: string;
  /** As in `a.b`. */
  readonly path: string;
}

/** Set one value of an encrypted file. */
export async function set(options: SetOptions, value: ValueSource, io: Io): Promise<TextOutput> {
  const path = pathOf(options, 'Invalid set index format');
  const node = await readValue(value, options, io);
  if (!('written' in path)) refuseReserved(path);
  const newInClear = options.clear === true || options.likeSops === true;
  const result = await change(options, io, (source, settings) =>
    setValue(source, path, node, { ...settings, newInClear, replaces: options.likeSops === true }),
  );
  return isNothing(value, node) ? { ...result, warnings: [...result.warnings, NOTHING_ON_STDIN] } : result;
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
        keepsMac: options.likeSops !== true,
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
