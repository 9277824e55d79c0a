import type { Watching } from '../../commands/renew/carrying-out.ts';
import type { Plan } from '../../commands/renew/plan.ts';
import type { Renewed, RenewOptions } from '../../commands/renew/renew.ts';
import type { Selection } from '../../commands/renew/selection.ts';
import { SottoError } from '../../errors.ts';
import { ACCEPT_FILE, CONFIG, IGNORE_MAC, YES } from '../flags/files.ts';
import { list, number, text, toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'renew',
  group: 'change',
  usage: 'renew [flags] [FILE] [PATH...]',
  summary: 'make new values, tell the services that know the old ones, and put them into their files',
  examples: [
    'sotto renew --dry-run secrets.yaml database.password',
    'sotto renew --yes secrets.yaml database.password',
    'sotto renew --expired --soon --yes',
    'sotto renew --resume',
    'sotto renew --revoke',
  ],
  flags: [
    toggle('dry-run', 'show what would be done, and change nothing; needs no key'),
    toggle('expired', 'renew what is older than its policy lets it become'),
    toggle('soon', 'with --expired: also what nearly is'),
    text(
      'exposed',
      'WHO',
      'renew what somebody could read, and that did not change since: a name or a recipient',
    ),
    toggle('missing', 'make the values that the policy names and that are not there yet'),
    toggle('resume', 'go on with renewals that did not come to their end'),
    toggle('revoke', 'revoke old values whose time is up'),
    toggle('early', 'with --revoke: also those whose time is not up'),
    {
      ...list(
        'allow-hook',
        'HASH',
        'a program that may run without "sotto allow", by its hash; for pipelines',
      ),
      repeats: 'always',
    },
    number('timeout', 'SECONDS', 'end a hook that takes longer (300)'),
    YES,
    ACCEPT_FILE,
    IGNORE_MAC,
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  first: ['dry-run', 'yes', 'expired', 'exposed', 'missing', 'resume', 'revoke', 'allow-hook'],
  json: '{version, command, renewals: [{outcome, journal, values, revoke_from, error}]}',
  exits: '1 when a renewal failed, waits for somebody, or nobody said yes.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io, say } = context;
  const mode = modeOf(context);
  const [renewal, texts] = await Promise.all([
    import('../../commands/renew/renew.ts'),
    import('../renew-text.ts'),
  ]);
  const words = new Map<string, string[]>();
  const options = optionsFor(context, words, (plans) => say(texts.planText(plans, io)));
  if (flags.boolean('dry-run')) {
    const { plans, blocked } = await renewal.plansFor(selectionOf(context), options, io);
    const { exit } = shown(blocked, words, texts, context);
    return {
      stdout: texts.planText(plans, io),
      report: reportOf([
        ...blocked.map((one) => texts.renewedReport(one, words)),
        ...plans.map((plan) => texts.planReport(plan, io)),
      ]),
      exit,
    };
  }
  const results =
    mode === 'resume'
      ? await renewal.resume(journalSelection(context), options, io)
      : mode === 'revoke'
        ? await renewal.revokeOld(
            journalSelection(context),
            { ...options, early: flags.boolean('early') },
            io,
          )
        : await renewal.renew(selectionOf(context), options, io);
  if (results === undefined) return { notes: ['nothing was changed'], report: reportOf([]), exit: 1 };
  return shown(results, words, texts, context);
}

/** What is done, if not a renewal from the start. @throws SottoError `options-conflict` */
function modeOf({ flags }: Context): 'resume' | 'revoke' | undefined {
  const selecting = ['expired', 'missing', 'exposed'].filter((name) => flags.has(name));
  const modes = (['resume', 'revoke'] as const).filter((name) => flags.boolean(name));
  const begun = modes.length === 0 || !flags.boolean('dry-run') ? [] : ['dry-run'];
  const [one, other] = [...modes, ...selecting, ...begun];
  if (other === undefined) return modes[0];
  throw new SottoError('options-conflict', `--${one} and --${other} exclude each other`, {
    hint: 'leave one of them out',
  });
}

function shown(
  results: readonly Renewed[],
  words: ReadonlyMap<string, readonly string[]>,
  texts: typeof import('../renew-text.ts'),
  { complain, flags }: Context,
): Output {
  if (!flags.boolean('json'))
    for (const { result } of results) if (result.outcome === 'failed') complain(result.error);
  const isLeft = results.some(({ result }) => result.outcome === 'failed' || result.outcome === 'waiting');
  return {
    notes: results.length === 0 ? ['there is nothing to do'] : texts.renewedText(results, words),
    report: reportOf(results.map((result) => texts.renewedReport(result, words))),
    exit: isLeft ? 1 : 0,
  };
}

function reportOf(renewals: readonly unknown[]): unknown {
  return { version: 1, command: 'renew', renewals };
}

function optionsFor(
  context: Context,
  words: Map<string, string[]>,
  show: (plans: readonly Plan[]) => void,
): RenewOptions {
  const { flags, io } = context;
  const isYes = flags.boolean('yes');
  const ask = async (question: string): Promise<boolean> => {
    const { confirm } = await import('../confirm.ts');
    return isYes || confirm(io.ask, question);
  };
  const watching: Watching = {
    done: (name, what) => {
      words.set(name, [...(words.get(name) ?? []), what]);
    },
    isTold: (name) => ask(`Is the new ${name} set at its service? (y/n): `),
  };
  const seconds = flags.number('timeout');
  return {
    ...commonOptions(context),
    allowHooks: flags.list('allow-hook') ?? [],
    limit: seconds === undefined ? undefined : seconds * 1000,
    watching,
    confirm: async (plans) => {
      show(plans);
      return ask('Run it? (y/n): ');
    },
  };
}

/** @throws SottoError `usage` */
function selectionOf({ flags, positionals }: Context): Selection {
  if (flags.boolean('missing')) return { kind: 'missing', files: positionals };
  if (flags.boolean('expired'))
    return { kind: 'expired', isSoonEnough: flags.boolean('soon'), files: positionals };
  const who = flags.text('exposed');
  if (who !== undefined) return { kind: 'exposed', who, files: positionals };
  const [file, ...paths] = positionals;
  if (file !== undefined && paths.length > 0) return { kind: 'named', file, paths };
  throw new SottoError('usage', 'renew takes FILE and one PATH or more', {
    hint: 'for example: sotto renew secrets.yaml database.password',
  });
}

/** The first word is a file if there is one of that name. */
function journalSelection({ positionals, io }: Context): {
  readonly file?: string;
  readonly paths: readonly string[];
} {
  const [first, ...others] = positionals;
  return first !== undefined && io.isFile(io.absolute(first))
    ? { file: first, paths: others }
    : { paths: positionals };
}
