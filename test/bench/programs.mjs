// The programs that are measured, and how a run of one is measured.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What is on the PATH; `undefined` if it does not answer. @param flag that it answers; left out, it is not asked */
export function onPath(name, flag) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && (flag === undefined || spawnSync(path, [flag]).status === 0));
}

/** GNU time, which knows a process's peak memory. */
const GNU_TIME = ['/usr/bin/time'].find(
  (path) => existsSync(path) && spawnSync(path, ['-f', '%M', 'true']).status === 0,
);

/** Command lines by the name of their program; those that are not there are left out. */
export function programs() {
  const binary = process.env['SOTTO_BIN'] ?? here('binaries/sotto');
  const sops = onPath('sops', '--version');
  const rops = onPath('rops', '--help');
  return Object.fromEntries(
    [
      ['node', [process.execPath, here('dist/bin/sotto.js')]],
      ['binary', existsSync(binary) ? [binary] : undefined],
      ['sops', sops && [sops]],
      ['rops', rops && [rops]],
    ].filter(([, command]) => command !== undefined),
  );
}

/**
 * Run a command once.
 *
 * @param run `command`, and the file `stdin` if it reads that
 * @returns wall clock and CPU time in milliseconds, and peak memory in MB (NaN without GNU time)
 */
export function measure({ command, stdin }, { cwd, env }) {
  const [program, ...args] =
    GNU_TIME === undefined ? command : [GNU_TIME, '-q', '-f', '%U %S %M', ...command];
  const input = stdin === undefined ? 'ignore' : openSync(stdin);
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    timeout: 600_000,
    stdio: [input, 'ignore', 'pipe'],
    maxBuffer: 1 << 30,
  });
  const wall = performance.now() - start;
  if (stdin !== undefined) closeSync(input);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  const [user, system, memory] = String(stderr).trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, cpu: 1000 * (user + system), memory: memory / 1024 };
}

/**
 * Run several commands by turns, so that whatever else the machine does meets all of them.
 *
 * @param runs by name: what {@link measure} takes, or a function that prepares a run and returns that
 * @returns by name: the medians of wall clock and CPU time, the highest peak memory
 */
export function alternate(runs, rounds, options) {
  const results = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(runs)) {
      results[name].push(measure(typeof run === 'function' ? run() : run, options));
    }
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, all]) => [
      name,
      {
        wall: median(all.map(({ wall }) => wall)),
        cpu: median(all.map(({ cpu }) => cpu)),
        memory: Math.max(...all.map(({ memory }) => memory)),
      },
    ]),
  );
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
