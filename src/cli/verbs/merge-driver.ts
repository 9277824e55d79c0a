import type { DriverResult } from '../../commands/merge/driver.ts';
import { printPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { conflictList } from '../conflict-text.ts';
import { CONFIG } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'merge-driver',
  group: 'team',
  usage: 'merge-driver [flags] BASE OURS THEIRS [SIZE PATH BASE-NAME OUR-NAME THEIR-NAME]',
  summary: 'merge an encrypted file for git, which calls this',
  examples: ['sotto merge-driver base.yaml ours.yaml theirs.yaml'],
  flags: [
    toggle('virtual', 'the result is a base for another merge: what conflicts is as it was, without markers'),
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{file, outcome, conflicts: [{path, document, kind}], merged, who, warnings}',
  exits: '1 with conflicts; 2 when it could not be merged.',
  run,
};

/** A placeholder that git did not fill, as older versions leave some (before 2.44). */
const PLACEHOLDER = /^%[A-Z]$/;

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const [base, ours, theirs, size, path = ours, , ourName, theirName] = positionals;
  if (base === undefined || ours === undefined || theirs === undefined || path === undefined)
    throw new SottoError('usage', 'merge-driver takes the names of three files', {
      exit: 2,
      hint: 'git calls it; "sotto init" sets that up',
    });
  const { driveMerge } = await import('../../commands/merge/driver.ts');
  const isVirtual = flags.boolean('virtual');
  const marking = {
    size: /^[1-9]\d?$/.test(size ?? '') ? Number(size) : 7,
    ours: nameOf(ourName) ?? 'HEAD',
    theirs: nameOf(theirName) ?? incomingName(io.environment) ?? 'incoming',
  };
  try {
    const result = await driveMerge(
      { ...commonOptions(context), base, ours, theirs, path, marking, isVirtual },
      io,
    );
    return outputOf(path, result);
  } catch (error) {
    // Any other status could be taken for that of a conflict.
    if (error instanceof SottoError)
      throw error.with({ file: path, exit: 2 }, `could not be merged: ${error.message}`);
    throw error;
  }
}

function outputOf(file: string, { outcome, conflicts, merged, who, warnings }: DriverResult): Output {
  const notes =
    outcome === 'conflict' ? [`sotto: ${oneLine(file)}: ${describe(file, conflicts, merged, who)}`] : [];
  return {
    notes,
    warnings,
    report: {
      file,
      outcome,
      conflicts: conflicts.map((one) => ({ ...one, path: printPath(one.path) })),
      merged,
      who,
      warnings,
    },
    exit: { merged: 0, conflict: 1, plain: 2 }[outcome],
  };
}

function describe(
  file: string,
  conflicts: DriverResult['conflicts'],
  merged: number,
  who: DriverResult['who'],
): string {
  const next = `sotto resolve ${oneLine(file)}`;
  if (who !== undefined) return `no key here, ${who.map(oneLine).join(', ')} can; ${next}`;
  const others = merged === 0 ? '' : ` (${merged} other ${merged === 1 ? 'change' : 'changes'} merged)`;
  return `${conflictList(conflicts)}${others}; ${next}`;
}

function nameOf(given: string | undefined): string | undefined {
  return given === undefined || given === '' || PLACEHOLDER.test(given) ? undefined : oneLine(given);
}

/** The name of what is merged in, as git tells it to its merge strategies. */
function incomingName(environment: { readonly [name: string]: string | undefined }): string | undefined {
  const names = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith('GITHEAD_') && value !== undefined && value !== 'HEAD' ? [value] : [],
  );
  const [only, another] = names;
  return another === undefined ? nameOf(only) : undefined;
}
