import * as processes from 'node:child_process';

/** Time for one process, in milliseconds: what is waited for in this way, no time-out of a test can end. */
const LONGEST = 100_000;
const LIMITS: processes.CommonExecOptions = { timeout: LONGEST, killSignal: 'SIGKILL' };

/** As of Node; a process that does not end is killed. @throws Error that names it */
export const spawnSync = ((
  program: string,
  args: readonly string[] = [],
  options: processes.SpawnSyncOptions = {},
) => {
  const outcome = processes.spawnSync(program, args, { ...LIMITS, ...options });
  if ((outcome.error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT')
    throw new Error(`${program} ${args.join(' ')} did not end: ${outcome.stdout}${outcome.stderr}`);
  return outcome;
}) as typeof processes.spawnSync;

/** As of Node; a process that does not end is killed. @throws Error that names it */
export const execFileSync = ((
  program: string,
  args: readonly string[] = [],
  options: processes.ExecFileSyncOptions = {},
) => processes.execFileSync(program, args, { ...LIMITS, ...options })) as typeof processes.execFileSync;
