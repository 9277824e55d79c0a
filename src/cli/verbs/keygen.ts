import type { KeygenOptions, NewIdentity } from '../../commands/keygen.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { underHome } from '../../text/under-home.ts';
import { text, toggle } from '../flags/flag.ts';
import type { FlagValues } from '../flags/values.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'keygen',
  group: 'start',
  usage: 'keygen [flags]',
  summary: 'make an age identity, and print its recipient',
  examples: [
    'sotto keygen',
    'sotto keygen --passphrase --output laptop-key.age',
    'sotto keygen --pq --output ci-key.txt',
    'sotto keygen --show ci-key.txt',
  ],
  flags: [
    toggle('passphrase', 'protect the identity with a passphrase, which is asked for'),
    toggle('keychain', 'keep the identity in the keychain of the system (secret-tool, or security on macOS)'),
    text('output', 'FILE', 'make the identity in FILE', { short: 'o' }),
    text('show', 'FILE', 'print the recipient of an identity file'),
    toggle('pq', 'make an identity that is safe against quantum computers (age 1.3, sops 3.12)'),
  ],
  json: '{file, recipient}, and of --keychain {reading}, the command that prints the identity; of --show {file, recipients}',
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
    throw new SottoError('usage', 'keygen makes one file', {
      inSops: 'Error: keygen takes one file at most',
      hint: 'name it with --output',
    });
  }
  const kind = flags.boolean('pq') ? 'hybrid' : 'x25519';
  const made = await keygen({ output: file, kind, guard: guardOf(flags) }, io);
  const success = async (): Promise<string[]> => placeOf(made, guardOf(flags), io);
  return { stdout: `${made.recipient}\n`, success, report: made };
}

function guardOf(flags: FlagValues): KeygenOptions['guard'] {
  const [passphrase, keychain] = [flags.boolean('passphrase'), flags.boolean('keychain')];
  if (passphrase && keychain)
    throw new SottoError('options-conflict', '--passphrase and --keychain exclude each other', {
      hint: 'the keychain has a password of its own; leave one of them out',
    });
  return passphrase ? 'passphrase' : keychain ? 'keychain' : undefined;
}

/** Where the identity is, and what happens to who loses it. */
function placeOf({ file, reading }: NewIdentity, guard: KeygenOptions['guard'], io: Io): string[] {
  const place = underHome(file, io.home);
  const [where, copy] =
    guard === 'keychain'
      ? [`your key is in the keychain; ${place} says so`, `${reading} prints it`]
      : guard === 'passphrase'
        ? [`your key is in ${place}, behind the passphrase`, 'copy the file, and keep the passphrase']
        : [`your key is in ${place}; only you can read it`, 'copy the file to a safe place'];
  return [
    where,
    `back it up (${copy}): without it, nobody can open what is encrypted for you alone`,
    'your recipient, which is public, for .sops.yaml:',
  ];
}
