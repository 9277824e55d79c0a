import { SottoError } from '../../errors.ts';
import { VERBOSE } from '../flags/files.ts';
import { text, toggle } from '../flags/flag.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'keyservice',
  group: 'team',
  usage: 'keyservice [flags]',
  summary: 'wrap and unwrap data keys for others, with the keys of this machine',
  examples: [
    'sotto keyservice --network unix --address key.sock',
    'sotto keyservice --address 127.0.0.1:5017 --prompt',
  ],
  flags: [
    text('network', 'NETWORK', 'tcp or unix (default tcp); also --net', {
      alias: 'net',
      values: ['tcp', 'unix'],
    }),
    text('address', 'ADDRESS', 'HOST:PORT, or the path of a socket (default 127.0.0.1:5000); also --addr', {
      alias: 'addr',
    }),
    toggle('prompt', 'ask on the terminal before each request is answered'),
    toggle('allow-remote', 'listen where other machines can connect; there is no TLS'),
    VERBOSE,
  ],
  logs: 'failures',
  run,
};

/** As in sops. */
const NETWORK = 'tcp';
const ADDRESS = '127.0.0.1:5000';

async function run({ root, flags, positionals, io, say, likeSops, warn }: Context): Promise<Output> {
  const [surplus] = positionals;
  if (surplus !== undefined) {
    throw new SottoError('usage', `keyservice takes no arguments: ${surplus}`, {
      hint: 'where it listens is said with --network and --address',
    });
  }
  const { keyservice } = await import('../../commands/keyservice.ts');
  const { askUntilClear } = await import('../confirm.ts');
  const isVerbose = flags.boolean('verbose') || root.boolean('verbose');
  // On the terminal itself, in the words of sops.
  const confirm = (request: string, signal: AbortSignal): Promise<boolean | undefined> =>
    askUntilClear(
      (question) => io.askOpenly(question, signal),
      `\nReceived ${request}. Respond to request? (y/n): `,
    );
  await keyservice(
    {
      likeSops,
      warn,
      network: flags.text('network') ?? NETWORK,
      address: flags.text('address') ?? ADDRESS,
      confirm: flags.boolean('prompt') ? confirm : undefined,
      allowRemote: flags.boolean('allow-remote'),
      listening: (uri) => {
        if (isVerbose || io.isTerminal) say(`Listening on ${uri}\n`);
      },
      report: isVerbose ? (line) => say(`${line}\n`) : undefined,
    },
    io,
  );
  return {};
}
