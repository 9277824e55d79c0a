import type { ChangeOptions, ConfigChange, PeopleResult } from '../commands/people/change.ts';
import type { SyncResult } from '../commands/sync.ts';
import { oneLine } from '../text/printable.ts';
import { overMany } from './many-files.ts';
import { commonOptions } from './options.ts';
import type { ProgressLine } from './progress.ts';
import { askedFor, preview, summary, syncReport } from './sync-text.ts';
import type { Context, Output } from './verb.ts';

/** What changing needs, where a remark may stand above the question. */
interface PeopleOptions extends Omit<ChangeOptions, 'confirm'> {
  readonly confirm: (config: ConfigChange, plans: readonly SyncResult[], remark?: string) => Promise<boolean>;
}

/** Change who is in the configuration: show what will be written, ask once, and say what came of it. */
export async function changePeople(
  context: Context,
  command: string,
  work: (options: PeopleOptions) => Promise<PeopleResult>,
): Promise<Output> {
  const { flags, say } = context;
  const isYes = flags.boolean('yes');
  const done: { result?: PeopleResult } = {};
  const { results, failed, report } = await overMany(
    context,
    'preparing',
    async ({ update, clear }: ProgressLine) => {
      done.result = await work({
        ...commonOptions(context),
        keepGoing: flags.boolean('keep-going'),
        progress: update,
        confirm: async (change, plans, remark = '') => {
          clear();
          say(configText(change) + preview(context, plans) + remark);
          return isYes || askedFor(context, plans.length + 1);
        },
      });
      return done.result.results;
    },
  );
  const { result } = done;
  if (result?.isNeeded === false)
    return { notes: result.says.map(oneLine), report: reportOf(command, result, []) };
  const { unruled = [], signed } = result ?? {};
  const isWritten = result?.isWritten === true;
  // The configuration is as it should be then, and the same command finds nothing to do in it.
  const next = failed === 0 ? 'git add -A && git commit' : '"sotto sync" does the rest';
  return {
    notes: [
      ...(isWritten && signed !== undefined ? [`signed for "sotto check --since": ${oneLine(signed)}`] : []),
      isWritten ? `${summary(results)}; next: ${next}` : 'nothing was written',
    ],
    warnings: [
      ...results.flatMap(({ warnings }) => warnings),
      ...unruled.map((file) => ({
        file,
        message: 'no rule speaks of this file, so it stays as it is, readable as before',
        hint: 'sotto rotate -i --rm-age RECIPIENT FILE takes a reader out',
      })),
    ],
    report: reportOf(command, result, report(syncReport)),
    exit: failed > 0 || !isWritten || unruled.length > 0 ? 1 : 0,
  };
}

function reportOf(command: string, result: PeopleResult | undefined, files: readonly object[]): object {
  const { file, isWritten = false, signed, unruled = [] } = result ?? {};
  return { version: 1, command, config: file, written: isWritten, signed, unruled, files };
}

function configText({ file, says }: ConfigChange): string {
  return [file, ...says.map((line) => `  ${line}`)].map((line) => `${oneLine(line)}\n`).join('');
}
