import { readSource, withFileInErrors } from '../commands/source.ts';
import { refusePlanted } from '../operations/clear-variables.ts';
import { flatten } from '../operations/flatten.ts';
import { type FlatFile, nameVariables } from '../operations/name-variables.ts';
import { openFile } from '../operations/open.ts';
import { Here, keyringOf } from './machine.ts';
import type { DecryptedVariables, VariablesOptions } from './variables-options.ts';
import { warningsOf } from './words.ts';

/** {@link decryptVariables}, once this machine is needed. */
export async function variablesHere(
  paths: readonly string[],
  options: VariablesOptions,
): Promise<DecryptedVariables> {
  const here = new Here(options);
  const files: FlatFile[] = [];
  for (const path of paths) files.push(await withFileInErrors(path, () => readFlat(path, options, here)));
  const { prefix, allowSpecial = [], includeClear = false } = options;
  const named = nameVariables(files, { prefix, map: [] });
  refusePlanted(named, { allowSpecial, includeClear, ignoreCase: here.io.platform === 'win32' });
  const variables: { [name: string]: string } = Object.create(null);
  for (const { name, text } of named) variables[name] = text;
  return { variables, warnings: warningsOf(here.warnings, 'machine') };
}

async function readFlat(file: string, options: VariablesOptions, here: Here): Promise<FlatFile> {
  const { io, configurations, warnings } = here;
  const source = await readSource(
    io,
    { file, name: file, inputType: options.format },
    configurations,
    'open',
  );
  const opened = await openFile(source, keyringOf(here, options));
  const { root, values, warnings: said } = await flatten(opened);
  warnings.push(...source.warnings, ...said);
  const { macOnlyEncrypted = false } = opened.metadata;
  return { file, hasNames: source.format.name === 'dotenv', macOnlyEncrypted, root, values };
}
