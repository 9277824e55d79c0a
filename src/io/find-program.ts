import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

type Environment = { readonly [name: string]: string | undefined };

/**
 * The full path of a program in the PATH, or of one named with a slash. Of the PATH only folders with a full path count:
 * what lies in the working folder, or below it, came with a repository.
 */
export function findProgram(name: string, environment: Environment, folder: string): string | undefined {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  const isNamedByPath = name.includes('/') || isAbsolute(name);
  const folders = isNamedByPath ? [folder] : (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  for (const one of folders) {
    for (const suffix of suffixes) {
      const path = isAbsolute(name) ? name + suffix : join(resolve(folder, one), name + suffix);
      if (isProgram(path)) return path;
    }
  }
  return undefined;
}

/**
 * The path to start a program by, where the system would look through the PATH by itself.
 *
 * @throws Error with the reason when it is nowhere
 */
export function pathOfProgram(name: string, environment: Environment, folder: string): string {
  const path = findProgram(name, environment, folder);
  if (path !== undefined) return path;
  // The system tells what is wrong with a file that was named.
  if (name.includes('/') || isAbsolute(name)) return name;
  throw new Error('no such file or directory');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
