import { fileStatus } from '../commands/file-status.ts';
import type { Context } from './context.ts';
import { commonOptions, requireOne } from './options.ts';
import type { Output } from './output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  // sops says nothing about surplus ones here.
  const file = requireOne({ invocation, warn: () => undefined });
  const { encrypted, warnings } = await fileStatus(file, commonOptions(context), io);
  const status = { encrypted };
  return { stdout: `${JSON.stringify(status)}\n`, report: status, warnings };
}
