import { SottoError } from '../../errors.ts';
import { CONFIG, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { changePeople } from '../people-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'remove',
  group: 'team',
  usage: 'remove [flags] NAME',
  summary: 'take somebody out of .sops.yaml and all files, which get new data keys',
  examples: ['sotto remove ben --yes'],
  flags: [
    YES,
    toggle('keep-going', 'go on with the other files when one can not be opened'),
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, config, written, unruled, files: [{file, outcome, added, removed, settings, sides, dataKey, error}]}',
  exits: '1 when nobody said yes, or a file failed.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { io, positionals } = context;
  const [name, another] = positionals;
  if (name === undefined || another !== undefined)
    throw new SottoError('usage', 'remove takes one name', { exit: 2, hint: 'sotto remove ben' });
  const { remove } = await import('../../commands/people/remove.ts');
  return changePeople(context, 'remove', (options) => remove({ ...options, name }, io));
}
