import { unset } from '../commands/set.ts';
import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { commonOptions } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const { flags, positionals } = invocation;
  const [file, path] = positionals;
  if (file === undefined || path === undefined || positionals.length !== 2) {
    throw new SottoError('no-file', 'Error: no file specified, or index is missing', {
      hint: `for example: sotto unset secrets.yaml '["database"]["password"]'`,
    });
  }
  const options = { ...commonOptions(context), file, path, idempotent: flags.boolean('idempotent') };
  return showText(file, await unset(options, io));
}
