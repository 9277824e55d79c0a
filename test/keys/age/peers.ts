import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VECTORS } from '../../support/cases.ts';
import { execFileSync, spawnSync } from '../../support/processes.ts';

/** What the program `age` says its version is; `undefined` if it is not installed. */
export const AGE_VERSION: string | undefined = versionOf('age');

/** Whether this `age` knows post-quantum keys by itself, and not by a plugin for recipients only. */
export const AGE_IS_HYBRID: boolean = AGE_VERSION !== undefined && opensHybrid();

/** Whether `ssh-keygen` is installed. */
export const HAS_SSH_KEYGEN: boolean = spawnSync('ssh-keygen', ['-?']).error === undefined;

function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function opensHybrid(): boolean {
  const file = join(VECTORS, 'keys/age-dave-pq.txt');
  const recipient = /age1pq1\w+/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
  const { stdout } = spawnSync('age', ['-r', recipient], { input: 'x' });
  return spawnSync('age', ['-d', '-i', file], { input: stdout }).status === 0;
}

/** A folder that is gone at the end of the tests. */
export interface Folder {
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  remove(): void;
}

export function makeFolder(): Folder {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-keys-'));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write: (name, content) => {
      writeFileSync(path(name), content, { mode: 0o600 });
      return path(name);
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Encrypt with the program `age`, armored. */
export function ageEncrypt(recipient: string, plain: Uint8Array): string {
  return execFileSync('age', ['-a', '-r', recipient], { input: plain, encoding: 'utf8', stdio: 'pipe' });
}

/** Decrypt with the program `age`. @throws Error */
export function ageDecrypt(identityFile: string, armored: string): Uint8Array {
  return execFileSync('age', ['-d', '-i', identityFile], { input: armored, stdio: 'pipe' });
}

/** Make an SSH key; the public half is in `PATH.pub`. */
export function sshKeygen(path: string, ...options: readonly string[]): void {
  execFileSync('ssh-keygen', ['-q', '-f', path, '-C', 'a comment', ...options], { stdio: 'pipe' });
}
