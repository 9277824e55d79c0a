import { run as runCommand } from '../commands/run.ts';
import { SottoError } from '../errors.ts';
import { parseNamedPath } from '../operations/name-variables.ts';
import type { Context } from './context.ts';
import { exitStatus } from './exit-status.ts';
import { commonOptions } from './options.ts';
import type { Output } from './output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io, say, complain } = context;
  const { flags, positionals } = invocation;
  const files = flags.all('file');
  if (files.length === 0) {
    throw new SottoError('usage', 'there is no file to take variables from', {
      hint: 'for example: sotto run -f secrets.yaml -- node server.js',
    });
  }
  const options = {
    ...commonOptions(context),
    files,
    words: positionals,
    prefix: flags.text('prefix'),
    map: flags.all('map').map(parseNamedPath),
    only: flags.all('only'),
    except: flags.all('except'),
    pristine: flags.boolean('pristine'),
    keepKey: flags.boolean('keep-key'),
    permission: { allowSpecial: flags.all('allow-special'), includeClear: flags.boolean('include-clear') },
    noMask: flags.boolean('no-mask'),
    watch: flags.boolean('watch')
      ? { failed: complain, restarting: () => say('the files have changed; the command starts again\n') }
      : undefined,
  };
  return { exit: exitStatus(await runCommand(options, io)) };
}
