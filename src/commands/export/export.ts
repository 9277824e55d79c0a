import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { isPipeline } from '../../io/pipeline.ts';
import { refuseFolder } from '../output.ts';
import { readVariables, type VariableOptions } from '../read-variables.ts';
import { type ExportRequest, requireHeld } from './format.ts';
import { EXPORT_FORMATS } from './index.ts';

/** Options of `export`. */
export interface ExportOptions extends VariableOptions, ExportRequest {
  readonly format: string | undefined;
  /** A file that only its owner can read then; stdout if left out. */
  readonly output?: string | undefined;
  /** It may go to a terminal. */
  readonly reveal: boolean;
}

/** What was exported; never a value. */
export interface Exported {
  readonly format: string;
  readonly names: readonly string[];
  /** What goes to stdout, if anything. */
  readonly stdout?: string | undefined;
  readonly written?: string | undefined;
}

/** Hand the values of encrypted files over in another language. */
export async function exportVariables(options: ExportOptions, io: Io): Promise<Exported> {
  const format = EXPORT_FORMATS.find(({ name }) => name === options.format);
  if (format === undefined)
    throw new SottoError(
      'usage',
      options.format === undefined ? 'export needs a format' : `there is no format ${options.format}`,
      {
        hint: `--format is one of ${EXPORT_FORMATS.map(({ name }) => name).join(', ')}`,
      },
    );
  const { output } = options;
  const isRead = format.isForRunner === true && isPipeline(io.environment);
  if (output === undefined && !options.reveal && !isRead && io.isShown('stdout'))
    throw new SottoError('usage', 'the values would stand on this terminal', {
      hint: 'send them to a program or a file (|, --output), or show them all the same: --reveal',
    });
  if (output !== undefined) refuseSource(output, options.files, io);
  const variables = await readVariables(options, io);
  requireHeld(format, variables, options);
  const text = await format.print(variables, options, io);
  const names = variables.map(({ name }) => name);
  if (output === undefined || text === undefined) return { format: format.name, names, stdout: text };
  refuseFolder(io, output, undefined);
  await io.write(io.absolute(output), text, { isPrivate: true });
  return { format: format.name, names, written: output };
}

/** The result would take the place of what it is made of. @throws SottoError `options-conflict` */
function refuseSource(output: string, files: readonly string[], io: Io): void {
  const target = io.realPath(io.absolute(output));
  const same = io.isFile(target) && files.some((file) => io.realPath(io.absolute(file)) === target);
  if (!same) return;
  throw new SottoError('options-conflict', `${output} would be overwritten`, {
    hint: 'give --output the name of another file',
  });
}
