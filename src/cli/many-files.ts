import type { FileResult, Progress, Together } from '../commands/batch.ts';
import { decryptMany } from '../commands/decrypt-many.ts';
import { encryptMany } from '../commands/encrypt-many.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { commonOptions, creationOptions } from './options.ts';
import type { Output } from './output.ts';
import { renderError } from './report.ts';

/** What came of one file of many. */
interface ManyResult extends FileResult {
  readonly outcome: string;
  readonly warnings: readonly Warning[];
}

/** Flags that are about one file. */
const OF_ONE = ['filename-override', 'onto', 'extract', 'output'] as const;

/** `encrypt -i` with several files. @throws SottoError `options-conflict` for flags that are about one file */
export function encryptFiles(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const options = { ...commonOptions(context), ...creationOptions(invocation) };
  return runMany(context, 'encrypting', 'encrypted', (progress) =>
    encryptMany({ ...options, files: invocation.positionals, progress }, io),
  );
}

/** `decrypt -i` with several files. @throws SottoError as {@link encryptFiles} */
export function decryptFiles(context: Context): Promise<Output> {
  const { invocation, io } = context;
  return runMany(context, 'decrypting', 'decrypted', (progress) =>
    decryptMany({ ...commonOptions(context), files: invocation.positionals, progress }, io),
  );
}

/**
 * Work on many files, and tell what became of them.
 *
 * @param doing for the line that shows how far it is: `encrypting`
 * @param done what became of a file that was written: `encrypted`
 */
async function runMany(
  { invocation, progressing, complain }: Context,
  doing: string,
  done: string,
  work: (progress: Progress | undefined) => Promise<Together<ManyResult>>,
): Promise<Output> {
  const only = OF_ONE.find((name) => invocation.flags.isGiven(name));
  if (only !== undefined)
    throw new SottoError('options-conflict', `--${only} is about one file, and there are several`, {
      hint: 'name one file, or leave it out',
    });
  const line = progressing(doing);
  const { results, written } = await work(line.update).finally(line.clear);
  const failures = results.flatMap(({ error }) => (error === undefined ? [] : [error]));
  failures.forEach(complain);
  const changed = results.filter(({ outcome }) => outcome === done);
  return {
    warnings: results.flatMap(({ file, warnings }) => warnings.map((warning) => ({ file, ...warning }))),
    notes: [
      ...results
        .filter(({ outcome }) => outcome === 'encrypted-already')
        .map(({ file }) => `${file} is encrypted already; it is left as it is`),
      written
        ? `${changed.length} of ${results.length} files ${done}`
        : `${failures.length} of ${results.length} files can not be ${done}, so none was written`,
    ],
    report: results.map(({ file, outcome, error }) => ({
      file,
      outcome: written || outcome !== done ? outcome : 'left',
      ...(error && { error: renderError(error) }),
    })),
    exit: failures.length === 0 ? 0 : 1,
  };
}
