import { fileStatus } from '../commands/file-status.ts';
import type { Context } from './context.ts';
import { commonOptions, requireOne } from './options.ts';
import type { Output } from './output.ts';

export async function run({ invocation, io }: Context): Promise<Output> {
  const { file } = requireOne(invocation);
  const status = await fileStatus(file, commonOptions(invocation), io);
  return { stdout: `${JSON.stringify(status)}\n`, report: status };
}
