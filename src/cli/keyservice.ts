import { keyservice } from '../commands/keyservice.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { askUntilClear } from './confirm.ts';
import type { Context } from './context.ts';
import type { Output } from './output.ts';

/** As in sops. */
const NETWORK = 'tcp';
const ADDRESS = '127.0.0.1:5000';

export async function run({ invocation, io, say }: Context): Promise<Output> {
  const { root, flags, positionals } = invocation;
  const [surplus] = positionals;
  if (surplus !== undefined) {
    throw new SottoError('usage', `keyservice takes no arguments: ${surplus}`, {
      hint: 'where it listens is said with --network and --address',
    });
  }
  const isVerbose = flags.boolean('verbose') || root.boolean('verbose');
  await keyservice(
    {
      network: flags.text('network') ?? NETWORK,
      address: flags.text('address') ?? ADDRESS,
      confirm: flags.boolean('prompt') ? (request, signal) => confirmed(request, signal, io) : undefined,
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

/** On the terminal itself, in the words of sops. */
function confirmed(request: string, signal: AbortSignal, io: Io): Promise<boolean | undefined> {
  return askUntilClear(
    (question) => io.askOpenly(question, signal),
    `\nReceived ${request}. Respond to request? (y/n): `,
  );
}
