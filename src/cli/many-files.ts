import type { FileResult, Together } from '../commands/batch.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { oneLine } from '../text/printable.ts';
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

/** Shows what went wrong with files; each error once, however often it is called. */
export type FailureTeller = (results: readonly FileResult[]) => void;

/**
 * Work on files, show meanwhile how far it is, and then what went wrong.
 *
 * @param doing for the line that shows how far it is: `encrypting`
 * @param work may tell what went wrong earlier, in front of a question
 */
export async function overMany<Result extends FileResult>(
  context: Context,
  doing: string,
  work: (line: ProgressLine, tell: FailureTeller) => Promise<readonly Result[]>,
): Promise<ManyResults<Result>> {
  const line = context.progressing(doing);
  const tell = failureTeller(context);
  const results = await work(line, tell).finally(line.clear);
  tell(results);
  return {
    results,
    failed: results.filter(({ error }) => error !== undefined).length,
    report: (say) =>
      results.map((result) => ({
        ...say(result),
        error: result.error === undefined ? undefined : renderError(result.error),
      })),
  };
}

/** Under the name sops, each file has its line in the log. */
function failureTeller({ complain, say, likeSops }: Context): FailureTeller {
  const told = new Set<SottoError>();
  return (results) => {
    const failures = results.flatMap(({ file, error }) => (error === undefined ? [] : [{ file, error }]));
    const news = failures.filter(({ error }) => !told.has(error));
    for (const { error } of news) told.add(error);
    const blocks = likeSops ? news.map((failure) => [failure]) : [...alike(news).values()];
    for (const block of blocks) {
      const [first] = block;
      if (first !== undefined) complain(first.error);
      if (block.length > 1)
        say(`so it is with ${block.length} of ${results.length} files: ${listOf(block)}\n`);
    }
  };
}

interface Failure {
  readonly file: string;
  readonly error: SottoError;
}

/** Failures in the same words, but for the file's name: the same key is missing for all of them, most often. */
function alike(failures: readonly Failure[]): Map<string, Failure[]> {
  const blocks = new Map<string, Failure[]>();
  for (const failure of failures) {
    const { file, error } = failure;
    const { hint, line, column } = error.details;
    const words = JSON.stringify([error.code, error.message, hint, line, column]);
    const named = [error.details.file ?? file, file].sort((a, b) => b.length - a.length);
    const key = named.reduce((text, name) => text.replaceAll(JSON.stringify(name).slice(1, -1), ''), words);
    blocks.set(key, [...(blocks.get(key) ?? []), failure]);
  }
  return blocks;
}

/** As many names are listed. */
const MOST = 10;

function listOf(block: readonly Failure[]): string {
  const names = block.map(({ file }) => oneLine(file));
  const left = names.length - MOST;
  return left <= 1 ? names.join(', ') : `${names.slice(0, MOST).join(', ')} and ${left} more`;
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
