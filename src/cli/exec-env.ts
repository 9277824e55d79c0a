import { execEnv } from '../commands/exec-env.ts';
import type { Context } from './context.ts';
import { execOptions, showEnd } from './exec.ts';
import { exitStatus } from './exit-status.ts';
import type { Output } from './output.ts';

export async function run(context: Context): Promise<Output> {
  const { flags } = context.invocation;
  const options = {
    ...execOptions(context),
    pristine: flags.boolean('pristine'),
    // Under the name sops, values in clear are variables like others.
    permission:
      context.program === 'sops'
        ? undefined
        : { allowSpecial: flags.all('allow-special'), includeClear: flags.boolean('include-clear') },
    sameProcess: flags.boolean('same-process'),
  };
  const result = await execEnv(options, context.io);
  // Where the command could not take this process's place, it looks as if it had.
  return options.sameProcess && result !== undefined ? { exit: exitStatus(result) } : showEnd(result);
}
