import { oneLine } from '../../text/printable.ts';
import { CONFIG } from '../flags/files.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'allow',
  group: 'change',
  usage: 'allow [flags] [HASH...]',
  summary: 'let the programs of a policy, as they are now, run on this machine for "sotto renew"',
  examples: ['sotto allow'],
  flags: [CONFIG],
  json: '{version, command, programs: [{words, scripts, hash, state}]}',
  exits: '1 when a program is not allowed.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { positionals, io, say } = context;
  const { allow } = await import('../../commands/renew/allow.ts');
  const { programText } = await import('../program-text.ts');
  const states = await allow(
    {
      ...commonOptions(context),
      allowHooks: [],
      hashes: positionals,
      confirm: async (program) => {
        const { askUntilClear } = await import('../confirm.ts');
        say(programText(program));
        return (await askUntilClear(io.ask, 'May it run on this machine, as it is? (y/n): ')) === true;
      },
    },
    io,
  );
  return {
    notes:
      states.length === 0
        ? ['the policy names no program']
        : states.map(
            ({ program, state }) => `${state}: ${oneLine(program.words.join(' '))}  ${program.hash}`,
          ),
    report: {
      version: 1,
      command: 'allow',
      programs: states.map(({ program: { words, scripts, hash }, state }) => ({
        words,
        scripts: scripts.map(({ name }) => name),
        hash,
        state,
      })),
    },
    exit: states.some(({ state }) => state === 'not allowed') ? 1 : 0,
  };
}
