import { SottoError } from '../../errors.ts';
import { text, toggle } from '../flags/flag.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'keygen',
  group: 'start',
  isFirst: true,
  usage: 'keygen [flags]',
  summary: 'make an age identity, and print its recipient',
  examples: ['sotto keygen', 'sotto keygen --pq --output ci-key.txt', 'sotto keygen --show ci-key.txt'],
  flags: [
    text('output', 'FILE', 'make the identity in FILE', { short: 'o' }),
    text('show', 'FILE', 'print the recipient of an identity file'),
    toggle('pq', 'make an identity that is safe against quantum computers (age 1.3, sops 3.12)'),
  ],
  json: '{file, recipient}; of --show {file, recipients}',
  run,
};

async function run({ flags, positionals, io }: Context): Promise<Output> {
  const { keygen, showRecipients } = await import('../../commands/keygen.ts');
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
