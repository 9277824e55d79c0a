import type { Matrix } from '../../commands/matrix.ts';
import { printPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { CONFIG } from '../flags/files.ts';
import { list, text } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

const FAILURES: readonly string[] = ['missing', 'same'];

export const verb: Verb = {
  name: 'matrix',
  group: 'team',
  usage: 'matrix [flags] FILE...',
  summary: 'show which values environments have, which are the same, and when they changed',
  examples: [
    'sotto matrix common.yaml production.yaml',
    "sotto matrix --by 'secrets/{env}.yaml' --html matrix.html",
  ],
  flags: [
    text('by', 'PATTERN', "files by a pattern, as in 'secrets/{env}.yaml'"),
    text('html', 'FILE', 'write a page for a browser, without values, to FILE'),
    list('fail-on', 'WHAT', 'end with status 1 where a value is missing, or a secret the same as elsewhere', {
      values: FAILURES,
    }),
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, environments: [{name, file}], rows: [{path, document, cells: [{state, class, same, changed}]}]}',
  exits: '1 with --fail-on where something is found.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const failOn = failuresOf(flags.list('fail-on') ?? []);
  const { matrix } = await import('../../commands/matrix.ts');
  const { matrixText } = await import('../matrix-text.ts');
  const result = await matrix({ ...commonOptions(context), files: positionals, by: flags.text('by') }, io);
  const page = flags.text('html');
  if (page !== undefined) {
    const { matrixPage } = await import('../matrix-page.ts');
    await io.write(io.absolute(page), matrixPage(result));
  }
  const { closed } = result;
  return {
    stdout: page === undefined ? matrixText(result, io.now().getFullYear()) : undefined,
    report: reportOf(result),
    notes: [
      ...(page === undefined ? [] : [`wrote ${page}`]),
      ...(closed.length === 0
        ? []
        : [`no key here opens ${closed.join(', ')}: which values are the same can't be told`]),
    ],
    exit: result.rows.some(({ cells }) => cells.some((cell) => isFound(cell, failOn))) ? 1 : 0,
  };
}

/** @throws SottoError `usage` */
function failuresOf(words: readonly string[]): readonly string[] {
  const wrong = words.find((word) => !FAILURES.includes(word));
  if (wrong === undefined) return words;
  throw new SottoError('usage', `--fail-on knows no ${wrong}`, {
    exit: 2,
    hint: `use ${FAILURES.join(', or ')}, or both with a comma`,
  });
}

function isFound(
  { state, isSame }: Matrix['rows'][number]['cells'][number],
  failOn: readonly string[],
): boolean {
  return (failOn.includes('missing') && state === 'missing') || (failOn.includes('same') && isSame);
}

function reportOf({ environments, rows }: Matrix): unknown {
  return {
    version: 1,
    command: 'matrix',
    environments,
    rows: rows.map(({ path, document, cells, changes }) => ({
      path: printPath(path),
      document,
      cells: cells.map(({ state, class: letter, isSame }, index) => ({
        state,
        class: letter ?? null,
        same: isSame,
        changed: changes[index] ?? null,
      })),
    })),
  };
}
