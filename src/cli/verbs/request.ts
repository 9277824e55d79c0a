import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { CONFIG, YES } from '../flags/files.ts';
import { list, text, toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'request',
  group: 'team',
  usage: 'request [flags] --name NAME --team TEAM...',
  summary: 'ask to be let into a team: a signed file for a pull request',
  examples: [
    'sotto request --name cleo --team ops --recipient age17j8jpgln3uq93p5zfrflzm0zsvaehrwtxkulka66wxmdakmldutsjfmht4 --yes',
  ],
  flags: [
    text('name', 'NAME', 'what you are to be called in .sops.yaml'),
    list('team', 'TEAM', 'a team that you want to be in', { repeats: 'always' }),
    list(
      'recipient',
      'KEY',
      'your public key: age1…, an SSH key, or the fingerprint of a PGP key; your SSH key, or else your age key, if left out',
      { repeats: 'always' },
    ),
    toggle('answer', 'answer the challenge that "sotto approve --challenge" wrote into your request'),
    YES,
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, file, written, name, teams, recipients, unproven}',
  exits: '1 when nobody said yes.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const name = flags.text('name') ?? '';
  const teams = flags.all('team');
  const isAnswer = flags.boolean('answer');
  if (name === '' || positionals.length > 0 || (teams.length === 0 && !isAnswer))
    throw new SottoError('usage', 'request takes --name and --team, and nothing else', {
      hint: 'sotto request --name cleo --team ops',
    });
  const { answer, request } = await import('../../commands/requests/request.ts');
  const confirm = async (file: string, isThere: boolean): Promise<boolean> =>
    flags.boolean('yes') || askedFor(context, `${isThere ? 'Change' : 'Write'} ${oneLine(file)}? (y/n): `);
  const common = { ...commonOptions(context), name, confirm };
  const result = isAnswer
    ? await answer(common, io)
    : await request({ ...common, teams, recipients: flags.all('recipient') }, io);
  const { file, isWritten, unproven, request: asked } = result;
  return {
    notes: !isWritten
      ? ['nothing was written']
      : [
          `wrote ${oneLine(file)}; commit it on a branch and open a pull request`,
          ...unproven.map(
            (one) =>
              `${one.slice(0, 12)}… needs a challenge: somebody of the team runs "sotto approve --challenge ${name}", then you "sotto request --answer --name ${name}"`,
          ),
        ],
    report: {
      version: 1,
      command: 'request',
      file,
      written: isWritten,
      name,
      teams: asked.teams,
      recipients: asked.recipients,
      unproven,
    },
    exit: isWritten ? 0 : 1,
  };
}

/** @throws SottoError `canceled` where there is nobody to ask */
async function askedFor({ io }: Context, question: string): Promise<boolean> {
  const { confirm } = await import('../confirm.ts');
  return confirm(io.ask, question);
}
