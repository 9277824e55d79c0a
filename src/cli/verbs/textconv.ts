import { CONFIG } from '../flags/files.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions, requireOne } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'textconv',
  group: 'team',
  usage: 'textconv FILE',
  summary: 'print a file for "git diff": in clear on a pager, masked anywhere else',
  examples: ['sotto textconv secrets.yaml', 'git config diff.sotto.textconv "sotto textconv"'],
  flags: [CONFIG, ...DECRYPTION_FLAGS],
  run,
};

async function run(context: Context): Promise<Output> {
  const { textconv } = await import('../../commands/textconv.ts');
  return { stdout: await textconv(requireOne(context), () => commonOptions(context), context.io) };
}
