import type { StdioOptions } from 'node:child_process';
import { childProcesses } from './builtins.ts';
import { findProgram } from './find-program.ts';

/**
 * Run a small program of the system, such as `mkfifo`, to its end.
 *
 * @returns what it printed; `undefined` when it is not there, or failed
 */
export function runSystemProgram(
  name: string,
  args: readonly string[],
  stdio: StdioOptions = ['ignore', 'pipe', 'ignore'],
): string | undefined {
  const path = findProgram(name, process.env, process.cwd());
  if (path === undefined) return undefined;
  const { status, stdout } = childProcesses().spawnSync(path, args, { stdio, encoding: 'utf8' });
  return status === 0 ? (stdout ?? '') : undefined;
}
