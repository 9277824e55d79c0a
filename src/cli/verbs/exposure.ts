import type { EventExposure, Exposures } from '../../commands/exposure/exposure.ts';
import { SottoError } from '../../errors.ts';
import { CONFIG } from '../flags/files.ts';
import { text, toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';
import { workListReport } from '../work-list-text.ts';

export const verb: Verb = {
  name: 'exposure',
  group: 'team',
  usage: 'exposure [flags] [WHO]',
  summary: 'show which values those know who left, or a leak made known, and are the same still',
  examples: [
    'sotto exposure',
    'sotto exposure ben',
    'sotto exposure --prove ben',
    'sotto exposure --prove --record',
    'sotto exposure --leak build-log',
    'sotto exposure --audit audit.jsonl ben',
  ],
  flags: [
    text('leak', 'ID', 'only what this leak of .sotto/exposure.yaml made known'),
    toggle('prove', 'compare with your keys what does not tell without them'),
    toggle('record', 'with --prove: note in .sotto/exposure.yaml what has changed, so that check closes it'),
    text('audit', 'LOG', 'mark files that were really opened, by this audit log'),
    toggle('exit-code', 'end with status 1 as long as something is left to be changed'),
    toggle('all', 'show values that were changed, or need not be, too'),
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, shallow, events: [{id, kind, at, why, open, values: [{file, formerly, path, kind, document, state, token, owner, ownerFrom, readableSince, readableUntil, commit, waived, opened}]}]}',
  exits:
    '1 with --exit-code where something is left to be changed; 2 when that could not be told, as in a clone whose history is cut off.',
  run,
};

async function run(context: Context): Promise<Output> {
  try {
    return await tell(context);
  } catch (error) {
    const isGate = context.flags.boolean('exit-code');
    throw isGate && error instanceof SottoError ? error.with({ exit: 2 }) : error;
  }
}

async function tell(context: Context): Promise<Output> {
  const { flags, io, positionals } = context;
  const [who, another] = positionals;
  const leak = flags.text('leak');
  if (another !== undefined || (who !== undefined && leak !== undefined))
    throw new SottoError('usage', 'exposure takes one name, or --leak', {
      exit: 2,
      hint: 'sotto exposure ben, or sotto exposure --leak build-log',
    });
  const records = flags.boolean('record');
  if (records && (!flags.boolean('prove') || who !== undefined))
    throw new SottoError('usage', '--record goes with --prove, for all events or a leak', {
      exit: 2,
      hint: 'sotto exposure --prove --record',
    });
  const { exposure, isLeft, recordProofs } = await import('../../commands/exposure/exposure.ts');
  const { exposureText } = await import('../exposure-text.ts');
  const proves = flags.boolean('prove');
  const found = await exposure(
    { ...commonOptions(context), who, leak, proves, auditLog: flags.text('audit') },
    io,
  );
  const recorded = records ? await recordProofs(found, commonOptions(context), io) : 0;
  const open = found.exposures.map(({ items }) => items.filter(isLeft).length);
  return {
    exit: flags.boolean('exit-code') ? statusOf(open, found) : 0,
    notes: records ? [`noted ${recorded} values that have changed in .sotto/exposure.yaml`] : [],
    stdout: exposureText(found, { isAll: flags.boolean('all'), proves }),
    report: {
      version: 1,
      command: 'exposure',
      shallow: found.isShallow,
      events: found.exposures.map((one, index) => ({ ...describe(one), open: open[index] ?? 0 })),
    },
  };
}

/** What is not in the history may be open, too. */
function statusOf(open: readonly number[], { isShallow }: Exposures): number {
  if (open.some((count) => count > 0)) return 1;
  return isShallow ? 2 : 0;
}

function describe({ event: { id, kind, at, why }, items }: EventExposure): object {
  const values = workListReport(
    items.map(({ waiver: _, ...one }) => ({ ...one, opened: one.opened ?? null })),
  );
  return {
    id,
    kind,
    at: at ?? null,
    why: why ?? null,
    values: values.map((one, index) => ({ ...one, waived: items[index]?.waiver?.why ?? null })),
  };
}
