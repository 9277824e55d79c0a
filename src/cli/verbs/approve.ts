import type { Verified } from '../../commands/requests/verify.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { CONFIG, VERBOSE, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import { changePeople } from '../people-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'approve',
  group: 'team',
  usage: 'approve [flags] NAME',
  summary: 'let somebody in who asked with "sotto request": verify, ask, and add',
  examples: ['sotto approve --challenge --yes cleo', 'sotto approve --no-proof --yes cleo'],
  flags: [
    toggle('check', 'only verify the request; needs no key, for pipelines'),
    toggle(
      'challenge',
      'write a challenge for its age keys, which only their owner can answer; needs no key',
    ),
    toggle('no-proof', 'go on where nothing proves that whoever asks has the key'),
    YES,
    toggle('keep-going', 'go on with the other files when one can not be opened'),
    VERBOSE,
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, config, written, signed, unruled, files}; with --check {version, command, name, teams, created, author, proofs: [{recipient, state}]}',
  exits: '1 when the request does not hold, nobody said yes, or a file failed.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io, say } = context;
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new SottoError('usage', 'approve takes one name', { hint: 'sotto approve cleo' });
  const { approve, challenge } = await import('../../commands/requests/approve.ts');
  const isYes = flags.boolean('yes');
  const options = { ...commonOptions(context), name, noProof: flags.boolean('no-proof') };
  const ask = async (question: string): Promise<boolean> => {
    const { confirm } = await import('../confirm.ts');
    return isYes || confirm(io.ask, question);
  };
  if (flags.boolean('check')) {
    const { verify } = await import('../../commands/requests/verify.ts');
    return checked(await verify(options, io));
  }
  if (flags.boolean('challenge')) {
    const { file, isWritten } = await challenge(
      { ...options, confirm: (path) => ask(`Change ${oneLine(path)}? (y/n): `) },
      io,
    );
    return {
      notes: [
        isWritten
          ? `wrote a challenge into ${oneLine(file)}; commit it, and ${name} runs "sotto request --answer --name ${name}"`
          : 'nothing was written',
      ],
      report: { version: 1, command: 'approve', file, written: isWritten },
      exit: isWritten ? 0 : 1,
    };
  }
  return changePeople(context, 'approve', (change) =>
    approve(
      {
        ...change,
        ...options,
        isUnasked: isYes,
        isHers: (verified) => {
          say(described(verified));
          return ask(`Is this key ${name}'s? (y/n): `);
        },
      },
      io,
    ),
  );
}

function checked(verified: Verified): Output {
  const { request, proofs, author } = verified;
  return {
    stdout: described(verified),
    report: {
      version: 1,
      command: 'approve',
      name: request.name,
      teams: request.teams,
      created: request.created,
      author: author ?? null,
      proofs,
    },
  };
}

const STATES = {
  ssh: 'good signature over this request by that key',
  pgp: 'good signature over this request by that key',
  age: 'the challenge of this clone was answered',
  elsewhere: 'a challenge was answered that was NOT made in this clone: look who committed it',
  none: 'NONE: nothing shows that whoever asks has the key',
};

function described({ request, proofs, age, author }: Verified): string {
  const hours = Math.max(0, Math.floor(age / 3_600_000));
  const lines = [
    `${request.name} asks for ${request.teams.join(', ')}, ${hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`} ago`,
    ...proofs.flatMap(({ recipient, state }) => [`  ${recipient}`, `    proof: ${STATES[state]}`]),
    ...(author === undefined ? [] : [`  git says that the commit is by ${author}, which anybody can write`]),
  ];
  return lines.map((line) => `${oneLine(line)}\n`).join('');
}
