import { SottoError } from '../../errors.ts';
import { CONFIG, VERBOSE, YES } from '../flags/files.ts';
import { list, text, toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { changePeople } from '../people-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'add',
  group: 'team',
  usage: 'add [flags] NAME [RECIPIENT]...',
  summary: 'let somebody read what a team can read: in .sops.yaml, and in all files',
  examples: ['sotto add cleo age17j8jpgln3uq93p5zfrflzm0zsvaehrwtxkulka66wxmdakmldutsjfmht4 --to ops --yes'],
  flags: [
    list(
      'to',
      'TEAM',
      'the teams; without sotto.people: an anchor, the number of a rule, or its path_regex',
      {
        repeats: 'always',
      },
    ),
    list('key-file', 'FILE', 'public keys, one a line, as in id_ed25519.pub', { repeats: 'always' }),
    text(
      'from-url',
      'URL',
      'SSH keys from an address such as https://github.com/NAME.keys, once; not with --yes',
    ),
    YES,
    toggle('keep-going', 'go on with the other files when one can not be opened'),
    VERBOSE,
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, config, written, signed, unruled, files: [{file, outcome, added, removed, settings, sides, dataKey, error}]}',
  exits: '1 when nobody said yes, or a file failed.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io, positionals } = context;
  const [name, ...recipients] = positionals;
  if (name === undefined)
    throw new SottoError('usage', 'add takes a name', { exit: 2, hint: 'sotto add cleo age1… --to ops' });
  const fromUrl = flags.text('from-url');
  if (fromUrl !== undefined && flags.boolean('yes'))
    throw new SottoError('options-conflict', 'somebody has to look at keys that come from an address', {
      hint: 'leave out --yes; or save the keys, look at them, and name the file with --key-file',
    });
  const { addSigned } = await import('../../commands/requests/grant.ts');
  return changePeople(context, 'add', (options) =>
    addSigned(
      {
        ...options,
        name,
        recipients,
        fromUrl,
        keyFiles: flags.list('key-file') ?? [],
        to: flags.list('to') ?? [],
      },
      io,
    ),
  );
}
