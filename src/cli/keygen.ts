import { keygen, showRecipients } from '../commands/keygen.ts';
import { SottoError } from '../errors.ts';
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
  const [file, ...more] = [flags.text('output'), ...positionals].filter((name) => name !== undefined);
  if (more.length > 0) {
    throw new SottoError('usage', 'Error: keygen takes one file at most', { hint: 'name it with --output' });
  }
  const made = await keygen(file, flags.boolean('pq') ? 'hybrid' : 'x25519', io);
  return {
    stdout: `${made.recipient}\n`,
    notes: io.isTerminal ? [`the identity is in ${made.file}; keep it secret, and keep a copy`] : [],
    report: made,
  };
}
