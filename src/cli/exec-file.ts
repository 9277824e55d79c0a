import { execFile } from '../commands/exec-file.ts';
import type { Context } from './context.ts';
import { execOptions, showEnd } from './exec.ts';
import type { Output } from './output.ts';

export async function run(context: Context): Promise<Output> {
  const { flags } = context.invocation;
  const options = {
    ...execOptions(context),
    noFifo: flags.boolean('no-fifo'),
    filename: flags.text('filename'),
  };
  return showEnd(await execFile(options, context.io));
}
