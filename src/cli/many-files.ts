import type { FileResult, Together } from '../commands/batch.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import type { ProgressLine } from './progress.ts';
import { renderError } from './report.ts';
import type { Context, Output } from './verb.ts';

/** What came of many files. */
export interface ManyResults<Result> {
  readonly results: readonly Result[];
  /** How many failed. */
  readonly failed: number;
  /** The report for `--json`: of each file what is said of it, and its error. */
  report(say: (result: Result) => object): readonly object[];
}

/**
 * Work on files, show meanwhile how far it is, and then what went wrong.
 *
 * @param doing for the line that shows how far it is: `encrypting`
 */
export async function overMany<Result extends FileResult>(
  { progressing, complain }: Context,
  doing: string,
  work: (line: ProgressLine) => Promise<readonly Result[]>,
): Promise<ManyResults<Result>> {
  const line = progressing(doing);
  const results = await work(line).finally(line.clear);
  const failures = results.flatMap(({ error }) => error ?? []);
  failures.forEach(complain);
  return {
    results,
    failed: failures.length,
    report: (say) =>
      results.map((result) => ({
        ...say(result),
        error: result.error === undefined ? undefined : renderError(result.error),
      })),
  };
}

/** What came of one file of several that are written together, or not at all. */
interface WrittenResult extends FileResult {
  readonly outcome: string;
  readonly warnings: readonly Warning[];
}

/** Flags that are about one file. */
const OF_ONE = ['filename-override', 'onto', 'extract', 'output'] as const;

/**
 * `encrypt -i` and `decrypt -i` with several files.
 *
 * @param done what became of a file that was written: `encrypted`
 * @throws SottoError `options-conflict` for flags that are about one file
 */
export async function writeMany(
  context: Context,
  doing: string,
  done: string,
  work: (progress: ProgressLine['update']) => Promise<Together<WrittenResult>>,
): Promise<Output> {
  const only = OF_ONE.find((name) => context.flags.isGiven(name));
  if (only !== undefined)
    throw new SottoError('options-conflict', `--${only} is about one file, and there are several`, {
      hint: 'name one file, or leave it out',
    });
  let written = false;
  const { results, failed, report } = await overMany(context, doing, async ({ update }) => {
    const together = await work(update);
    written = together.written;
    return together.results;
  });
  const changed = results.filter(({ outcome }) => outcome === done);
  return {
    warnings: results.flatMap(({ file, warnings }) => warnings.map((warning) => ({ file, ...warning }))),
    notes: [
      ...results
        .filter(({ outcome }) => outcome === 'encrypted-already')
        .map(({ file }) => `${file} is encrypted already; it is left as it is`),
      written
        ? `${changed.length} of ${results.length} files ${done}`
        : `${failed} of ${results.length} files can not be ${done}, so none was written`,
    ],
    report: report(({ file, outcome }) => ({
      file,
      outcome: written || outcome !== done ? outcome : 'left',
    })),
    exit: failed === 0 ? 0 : 1,
  };
}
