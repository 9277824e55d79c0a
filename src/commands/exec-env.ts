import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { type AskedVariable, type Permission, refusePlanted } from '../operations/clear-variables.ts';
import { openRoots } from '../operations/content.ts';
import { flatten } from '../operations/flatten.ts';
import { type OpenFile, openFile } from '../operations/open.ts';
import { skippedDocuments, topLevelVariables, type Variables } from '../operations/variables.ts';
import { childEnvironment } from './environment.ts';
import { toolsOf } from './settings.ts';
import { backgroundWarning, runProgram, type ShellOptions, type ShellResult, startProgram } from './shell.ts';
import { readSource, withFileInErrors } from './source.ts';

/** Options of `exec-env`. */
export interface ExecEnvOptions extends ShellOptions {
  /** Later ones win. */
  readonly files: readonly string[];
  /** Nothing of this process's own environment. */
  readonly pristine?: boolean | undefined;
  /** What values in clear may become; left out, anything, as in sops. */
  readonly permission?: Omit<Permission, 'ignoreCase'> | undefined;
  /** The command takes this process's place. */
  readonly sameProcess?: boolean | undefined;
}

/** Run a command with the values of files in its environment. Nothing is run unless all of them were opened. */
export async function execEnv(options: ExecEnvOptions, io: Io): Promise<ShellResult> {
  const { command, background, pristine, sameProcess, user, warn } = options;
  if (background === true) {
    warn(backgroundWarning('exec-env'));
    if (sameProcess === true)
      throw new SottoError('options-conflict', '--same-process and --background exclude each other', {
        inSops: 'Error: The --same-process flag cannot be used with --background',
        hint: 'leave out one of them',
      });
  }
  const variables = await readVariables(options, io);
  const account = user === undefined ? undefined : io.becomeUser(user);
  const environment = childEnvironment(
    variables,
    { pristine, account, keepKey: options.keepKey === true },
    io,
  );
  if (background === true) {
    await startProgram({ command, environment }, io);
    return undefined;
  }
  if (sameProcess === true) {
    io.replaceProcess(command, environment);
    if (options.likeSops !== true)
      warn({
        message: 'this process can not be replaced here; the command runs as its child',
        hint: 'Node 22.15 and later can do it, but not on Windows',
      });
  }
  return runProgram({ command, environment }, io);
}

async function readVariables(options: ExecEnvOptions, io: Io): Promise<Variables> {
  const { files, permission } = options;
  const variables = new Map<string, string>();
  const asked = new Map<string, AskedVariable>();
  for (const file of files) {
    const made = await readFile(file, options, io);
    for (const [name, text] of made.variables) variables.set(name, text);
    for (const variable of made.asked) asked.set(variable.name, variable);
  }
  if (permission !== undefined)
    refusePlanted([...asked.values()], { ...permission, ignoreCase: io.platform === 'win32' });
  return variables;
}

function readFile(file: string, options: ExecEnvOptions, io: Io) {
  return withFileInErrors(file, async () => {
    const { keyring, configurations } = toolsOf(io, options);
    configurations.for(io.absolute(file));
    const source = await readSource(io, { ...options, file, name: file }, configurations, 'open');
    const opened = await openFile(source, keyring);
    const asked = options.permission === undefined ? [] : await topLevel(opened);
    const { content, warnings } = await openRoots(opened);
    const { roots } = content;
    const named = options.files.length > 1 ? { file } : {};
    for (const warning of [...source.warnings, ...warnings, ...skippedDocuments(roots.length)])
      options.warn({ ...named, ...warning });
    const [root] = roots;
    const variables: Variables = root === undefined ? new Map() : topLevelVariables(root);
    return { variables, asked };
  });
}

/** The values that become variables: those of the first document's top level. */
async function topLevel(file: OpenFile): Promise<AskedVariable[]> {
  const { macOnlyEncrypted = false } = file.metadata;
  const { values } = await flatten(file);
  return values.flatMap(({ path: [key, below], isEncrypted }) => {
    if (typeof key !== 'string' || below !== undefined) return [];
    return [{ name: key, isEncrypted, isNamed: false, isOutsideMac: macOnlyEncrypted && !isEncrypted }];
  });
}
