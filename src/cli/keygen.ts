import { keygen, showRecipients } from '../commands/keygen.ts';
import type { Context } from './context.ts';
import type { Output } from './output.ts';

export async function run({ invocation, io }: Context): Promise<Output> {
  const { flags, positionals } = invocation;
  const shown = flags.text('show');
  if (shown !== undefined) {
    const recipients = await showRecipients(shown, io);
    return {
      stdout: recipients.map((recipient) => `${recipient}\n`).join(''),
      report: { file: shown, recipients },
    };
  }
  const kind = flags.boolean('pq') ? 'hybrid' : 'x25519';
  const made = await keygen(flags.text('output') ?? positionals[0], kind, io);
  return {
    stdout: `${made.recipient}\n`,
    notes: io.isTerminal ? [`the identity is in ${made.file}; keep it secret, and keep a copy`] : [],
    report: made,
  };
}
