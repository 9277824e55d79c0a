import type { CheckResult, Scope } from '../../commands/check/result.ts';
import { SottoError } from '../../errors.ts';
import { legible, oneLine } from '../../text/printable.ts';
import { FINDING_FIELDS, findingReport } from '../check/json.ts';
import { text, toggle } from '../flags/flag.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';
import { VERSION } from '../version.ts';

const LEVELS = ['error', 'warning', 'note'] as const;
const WARNING = LEVELS.indexOf('warning');

export const verb: Verb = {
  name: 'check',
  group: 'team',
  usage: 'check [flags] [PATH]...',
  summary: 'find secrets in clear and broken files, without a key',
  examples: [
    'sotto check --update-baseline',
    'sotto check',
    'sotto check --since main~1 --fail-on warning',
    'sotto check --sarif > sotto.sarif',
  ],
  flags: [
    toggle('staged', 'check what a commit would take'),
    text('since', 'REF', 'check the commits since REF'),
    toggle('allow-new-readers', 'with --since: whom the commits let read more is known, and only noted'),
    toggle(
      'pre-push',
      'check what git is about to push, as its hook is told on stdin; PATH is the remote then',
    ),
    text('fail-on', 'LEVEL', 'how bad a finding makes it fail: error (unless given), warning or note', {
      values: LEVELS,
    }),
    toggle('fix', 'mend what needs no decision: encrypt files, sync, rotate, set up this clone'),
    toggle('no-keys', 'do not check MACs, even where a key is at hand'),
    text('baseline', 'FILE', 'findings that are known (.sotto/baseline.json unless given)'),
    toggle('update-baseline', 'write all that is found into the baseline'),
    toggle('sarif', 'report as SARIF on stdout, for code scanning'),
    toggle('github', 'report as annotations of GitHub Actions on stdout'),
    toggle('junit', 'report as JUnit XML on stdout'),
  ],
  first: [
    'staged',
    'since',
    'allow-new-readers',
    'pre-push',
    'fail-on',
    'fix',
    'no-keys',
    'baseline',
    'update-baseline',
  ],
  json: `{version, command, summary: {files, errors, warnings, notes, known, untracked, macs, ms}, findings: [${FINDING_FIELDS}]}`,
  exits:
    '1 when there is a finding at or above --fail-on that is not in the baseline; 2 when it could not check.',
  run,
};

async function run(context: Context): Promise<Output> {
  try {
    return await checkAll(context);
  } catch (error) {
    throw error instanceof SottoError ? error.with({ exit: 2 }) : error;
  }
}

async function checkAll(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const { check } = await import('../../commands/check/check.ts');
  const scope = scopeOf(context);
  const started = performance.now();
  const options = {
    scope,
    paths: scope.kind === 'pre-push' ? [] : positionals,
    keys: !flags.boolean('no-keys'),
    ages: true,
    baseline: flags.text('baseline'),
    updatesBaseline: flags.boolean('update-baseline'),
    version: VERSION,
  };
  const found = await check(options, io);
  const mends = flags.boolean('fix') && (await mendAll(context, found));
  const result = mends ? await check(options, io) : found;
  const milliseconds = performance.now() - started;
  const worst = LEVELS.indexOf(failsOn(flags.text('fail-on')));
  const fails = result.findings.some(({ level }) => LEVELS.indexOf(level) <= worst);
  const exit = fails ? 1 : 0;
  const { summaryText } = await import('../check/text.ts');
  // Whoever commits is told what is to be mended, and nothing when there is nothing.
  const isHook = scope.kind === 'staged' || scope.kind === 'pre-push';
  const told = result.findings.filter(({ level }) => LEVELS.indexOf(level) <= Math.max(worst, WARNING));
  const shown = isHook ? { ...result, findings: told } : result;
  const notes = isHook && told.length === 0 ? [] : [summaryText(result, milliseconds)];
  if (flags.boolean('json')) {
    return { report: reportOf(result, milliseconds), exit };
  }
  if (flags.boolean('sarif')) {
    const { sarifReport } = await import('../check/sarif.ts');
    return { stdout: `${legible(JSON.stringify(sarifReport(result), undefined, 2))}\n`, notes, exit };
  }
  if (flags.boolean('github')) {
    const { githubText } = await import('../check/github.ts');
    return { stdout: legible(githubText(result)), notes, exit };
  }
  if (flags.boolean('junit')) {
    const { junitText } = await import('../check/junit.ts');
    return { stdout: legible(junitText(result)), notes, exit };
  }
  const { findingsText, locator } = await import('../check/text.ts');
  const locate = locator(result.top, io.folder);
  return { stdout: findingsText(shown, locate, io.isShown('stdout') && io.hasColour), notes, exit };
}

function reportOf({ findings, known, files, untracked, macs }: CheckResult, milliseconds: number): object {
  const count = (level: string): number => findings.filter((one) => one.level === level).length;
  return {
    version: 1,
    command: 'check',
    summary: {
      files,
      errors: count('error'),
      warnings: count('warning'),
      notes: count('note'),
      known,
      untracked: untracked ?? null,
      macs,
      ms: Math.round(milliseconds),
    },
    findings: findings.map(findingReport),
  };
}

/** @returns whether something was done */
async function mendAll(context: Context, found: CheckResult): Promise<boolean> {
  const { io, say, complain } = context;
  const { mend } = await import('../../commands/check/fix.ts');
  const done = await mend(found, commonOptions(context), io);
  for (const { command, error } of done) {
    if (error === undefined) say(`fixed: ${oneLine(command.join(' '))}\n`);
    else complain(error);
  }
  return done.some(({ error }) => error === undefined);
}

/** @throws SottoError `usage` */
function failsOn(level: string | undefined): (typeof LEVELS)[number] {
  const known = LEVELS.find((one) => one === (level ?? 'error'));
  if (known !== undefined) return known;
  throw new SottoError('usage', `--fail-on takes ${LEVELS.join(', ')}`, {
    hint: 'it is "error" unless given',
  });
}

/** @throws SottoError `options-conflict` */
function scopeOf({ flags, positionals }: Pick<Context, 'flags' | 'positionals'>): Scope {
  const since = flags.text('since');
  const given = [flags.boolean('staged'), since !== undefined, flags.boolean('pre-push')];
  if (given.filter(Boolean).length > 1) {
    throw new SottoError('options-conflict', '--staged, --since and --pre-push check different things', {
      hint: 'leave one of them',
    });
  }
  if (given.some(Boolean) && flags.boolean('fix')) {
    throw new SottoError('options-conflict', '--fix changes the work tree, which is not what is checked', {
      hint: 'call "sotto check --fix", and stage what it did',
    });
  }
  const allowsReaders = flags.boolean('allow-new-readers');
  if (allowsReaders && since === undefined) {
    throw new SottoError('options-conflict', '--allow-new-readers is about the commits since a revision', {
      hint: 'add --since REF',
    });
  }
  if (flags.boolean('staged')) return { kind: 'staged' };
  if (since !== undefined) return { kind: 'since', revision: since, allowsReaders };
  return flags.boolean('pre-push') ? { kind: 'pre-push', remote: positionals[0] } : { kind: 'tree' };
}
