import type { Io } from '../io/io.ts';
import { type Choice, chooseVariables } from '../operations/choose-variables.ts';
import { type Permission, refusePlanted } from '../operations/clear-variables.ts';
import { flatten } from '../operations/flatten.ts';
import { type FlatFile, type Naming, nameVariables, type Variable } from '../operations/name-variables.ts';
import { openFile } from '../operations/open.ts';
import { type CommonOptions, toolsOf } from './settings.ts';
import { readSource, withFileInErrors } from './source.ts';

/** Which variables are made of which files. */
export interface VariableOptions extends CommonOptions, Naming, Choice {
  /** Later ones win. */
  readonly files: readonly string[];
  /** What values in clear may become. */
  readonly permission: Omit<Permission, 'ignoreCase'>;
}

/** The variables that files make. @throws SottoError `environment-invalid`, and those of opening the files */
export async function readVariables(options: VariableOptions, io: Io): Promise<readonly Variable[]> {
  const files: FlatFile[] = [];
  for (const file of options.files) files.push(await readFlat(file, options, io));
  const { variables, warnings } = chooseVariables(nameVariables(files, options), options);
  for (const warning of warnings) options.warn(warning);
  refusePlanted(variables, { ...options.permission, ignoreCase: io.platform === 'win32' });
  return variables;
}

/** The values of one file's first document. @throws SottoError */
export function readFlat(file: string, options: CommonOptions, io: Io): Promise<FlatFile> {
  return withFileInErrors(file, async () => {
    const { keyring, configurations } = toolsOf(io, options);
    const source = await readSource(io, { ...options, file, name: file }, configurations, 'change');
    configurations.for(io.absolute(file));
    const opened = await openFile(source, keyring);
    const { root, values, warnings } = await flatten(opened);
    const { macOnlyEncrypted = false } = opened.metadata;
    for (const warning of [...source.warnings, ...warnings]) options.warn({ file, ...warning });
    return { file, hasNames: source.format.name === 'dotenv', macOnlyEncrypted, root, values };
  });
}
