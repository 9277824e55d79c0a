import { chmodSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from './processes.ts';
import { COMMAND } from './program.ts';
import { seal } from './sealed-session.ts';
import type { Session } from './session.ts';

const root = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** What stands between the lines of a page's blocks. */
export function blocksOf(page: string): string[] {
  const text = readFileSync(root(`docs/deploy/${page}`), 'utf8');
  return [...text.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** A folder of `examples`, with its files encrypted, in a session. @returns its path */
export async function copyExample(
  session: Session,
  name: string,
  encrypted: readonly string[],
): Promise<string> {
  const folder = session.path(name);
  cpSync(root(`examples/${name}`), folder, { recursive: true });
  await seal(
    session,
    Object.fromEntries(encrypted.map((file) => [`${name}/${file}`, readFileSync(join(folder, file))])),
  );
  return folder;
}

/** A file that is the program, for those who start it by its path. */
export function linkProgram(session: Session, name = 'sotto'): string {
  session.write(name, `#!/bin/sh\nexec ${COMMAND.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(session.path(name), 0o755);
  return session.path(name);
}

/** Why a program that an example is for can't be run, said once; `undefined` if it can. */
export function missingProgram(name: string, what: string): string | undefined {
  if (spawnSync('sh', ['-c', `command -v ${name}`]).status === 0) return undefined;
  const reason = `skipped: there is no ${name} here: ${what}`;
  console.info(reason);
  return reason;
}
