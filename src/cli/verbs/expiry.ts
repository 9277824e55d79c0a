import type { SecretAge } from '../../commands/lifecycle/ages.ts';
import type { Expiry } from '../../commands/lifecycle/expiry.ts';
import { isAboutPolicy } from '../../commands/lifecycle/findings.ts';
import { printPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { legible } from '../../text/printable.ts';
import { FINDING_FIELDS, findingReport } from '../check/json.ts';
import { AGE_FIELDS, ageReport } from '../expiry/json.ts';
import { text, toggle } from '../flags/flag.ts';
import type { Context, Output, Verb } from '../verb.ts';

const LEVELS = ['error', 'warning', 'note'] as const;

export const verb: Verb = {
  name: 'expiry',
  group: 'team',
  usage: 'expiry [flags] [PATH]...',
  summary: 'show how old values are, and which are to be renewed, without a key',
  examples: [
    'sotto expiry',
    'sotto expiry --all',
    'sotto expiry --owner payments --fail-on warning',
    'sotto expiry --explain secrets.yaml#db.password',
    'sotto expiry --markdown > work-list.md',
  ],
  flags: [
    toggle('all', 'show values that are in time, too'),
    text('owner', 'NAME', 'only values of this owner'),
    text('fail-on', 'LEVEL', 'how bad a finding makes it fail: error (unless given), warning or note', {
      values: LEVELS,
    }),
    text('explain', 'FILE#PATH', 'show what is asked of a value, and which entry says so'),
    toggle('markdown', 'report as a work list by owner, for an issue'),
    toggle('sarif', 'report as SARIF on stdout, for code scanning'),
    toggle('github', 'report as annotations of GitHub Actions on stdout'),
  ],
  json: `{version, command, summary: {files, untracked, values, expired, ageUnknown, unproven, expiresSoon}, values: [${AGE_FIELDS}], findings: [${FINDING_FIELDS}]}`,
  exits:
    '1 when there is a finding at or above --fail-on: expired and age-unknown are errors, the others warnings; 2 when it could not check.',
  run,
};

async function run(context: Context): Promise<Output> {
  try {
    const explain = context.flags.text('explain');
    return explain === undefined ? await ages(context) : await explained(explain, context);
  } catch (error) {
    throw error instanceof SottoError ? error.with({ exit: 2 }) : error;
  }
}

async function explained(asked: string, { io }: Context): Promise<Output> {
  const { explainTerms } = await import('../../commands/lifecycle/explain.ts');
  const { explainText } = await import('../expiry/text.ts');
  const found = await explainTerms(asked, io);
  const report = {
    version: 1,
    command: 'expiry',
    file: found.file,
    path: printPath(found.path),
    settings: found.settings.map(({ name, setting: { value, place, entry } }) => ({
      name,
      value,
      entry,
      ...place,
    })),
    value: found.age === undefined ? null : ageReport(found.age),
  };
  return { stdout: explainText(found, (file) => file), report };
}

async function ages({ flags, positionals, io, warn }: Context): Promise<Output> {
  const { expiry } = await import('../../commands/lifecycle/expiry.ts');
  const isWhole = flags.boolean('all') || flags.boolean('json');
  const found = await expiry({ paths: positionals, owner: flags.text('owner'), isWhole }, io);
  const { result } = found;
  found.warnings.forEach(warn);
  const worst = LEVELS.indexOf(failsOn(flags.text('fail-on')));
  const exit = result.findings.some(({ level }) => LEVELS.indexOf(level) <= worst) ? 1 : 0;
  const { cutOffNotes, expirySummary, expiryTable } = await import('../expiry/text.ts');
  const notes = [expirySummary(found, isWhole), ...cutOffNotes(found)];
  if (flags.boolean('json')) return { report: reportOf(found), exit };
  if (flags.boolean('sarif')) {
    const { sarifReport } = await import('../check/sarif.ts');
    return {
      stdout: `${legible(JSON.stringify(sarifReport(result, 'expiry'), undefined, 2))}\n`,
      notes,
      exit,
    };
  }
  if (flags.boolean('github')) {
    const { githubText } = await import('../check/github.ts');
    return { stdout: legible(githubText(result)), notes, exit };
  }
  if (flags.boolean('markdown')) {
    const { workList } = await import('../expiry/work-list.ts');
    return { stdout: workList(found), notes, exit };
  }
  const { findingsText, locator } = await import('../check/text.ts');
  const locate = locator(result.top, io.folder);
  const isShown = (one: SecretAge): boolean => isWhole || one.standing.state !== 'fine';
  const others = result.findings.filter(isAboutPolicy);
  const more = others.length === 0 ? '' : findingsText({ ...result, findings: others }, locate, false);
  return { stdout: `${expiryTable({ ages: found.ages.filter(isShown) }, locate)}${more}`, notes, exit };
}

function reportOf({ ages: all, result }: Expiry): object {
  const count = (state: string): number => all.filter(({ standing }) => standing.state === state).length;
  return {
    version: 1,
    command: 'expiry',
    summary: {
      files: result.files,
      untracked: result.untracked ?? null,
      values: all.length,
      expired: count('expired'),
      ageUnknown: count('age-unknown'),
      unproven: count('unproven'),
      expiresSoon: count('expires-soon'),
    },
    values: all.map(ageReport),
    findings: result.findings.map(findingReport),
  };
}

/** @throws SottoError `usage` */
function failsOn(level: string | undefined): (typeof LEVELS)[number] {
  const known = LEVELS.find((one) => one === (level ?? 'error'));
  if (known !== undefined) return known;
  throw new SottoError('usage', `--fail-on takes ${LEVELS.join(', ')}`, {
    hint: 'it is "error" unless given',
  });
}
