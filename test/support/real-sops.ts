import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawnSync } from './processes.ts';

const CLIENTS = process.env['SOTTO_TEST_CLIENTS'];

/** Real sops, if it is here: in the folder that SOTTO_TEST_CLIENTS names, or in the PATH. */
export const REAL_SOPS: string | undefined = [
  ...(CLIENTS === undefined ? [] : [CLIENTS, join(CLIENTS, 'bin')]),
  ...(process.env['PATH'] ?? '').split(delimiter),
]
  .map((folder) => join(folder, 'sops'))
  .find((path) => existsSync(path));

/** Why it was not asked. */
export const SOPS_MISSING: string | undefined =
  REAL_SOPS === undefined
    ? 'real sops did not look: there is none in SOTTO_TEST_CLIENTS or the PATH'
    : undefined;

/** Decrypt a file with real sops, which checks its MAC. @returns `undefined` without sops @throws Error if it does not open */
export function sopsOpens(path: string, type: string, keyFile: string): string | undefined {
  if (REAL_SOPS === undefined) return undefined;
  const { status, stdout, stderr } = spawnSync(
    REAL_SOPS,
    ['decrypt', '--input-type', type, '--output-type', type, path],
    {
      encoding: 'utf8',
      env: { SOPS_AGE_KEY_FILE: keyFile, HOME: '/nonexistent', PATH: process.env['PATH'] },
    },
  );
  if (status !== 0) throw new Error(`sops does not open ${path}: ${stderr}`);
  return stdout;
}
