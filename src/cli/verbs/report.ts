import type { Report } from '../../commands/report/report.ts';
import { printPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { FINDING_FIELDS, findingReport } from '../check/json.ts';
import { AGE_FIELDS, ageReport } from '../expiry/json.ts';
import { CONFIG } from '../flags/files.ts';
import { text } from '../flags/flag.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';
import { VERSION } from '../version.ts';
import { workListReport } from '../work-list-text.ts';

export const verb: Verb = {
  name: 'report',
  group: 'team',
  usage: 'report (--html FILE | --json)',
  summary: 'write a page about who reads what, what is overdue, known still, missing or wrong; needs no key',
  examples: [
    'sotto report --html secrets-report.html',
    'sotto report --html - | gzip > report.html.gz',
    'sotto report --json',
  ],
  flags: [
    text('html', 'FILE', 'write a page for a browser, without values, to FILE, or to stdout (-)'),
    CONFIG,
  ],
  json: `{version, command, repository, readers: [{file, rule, readers: [{name, kind, id, expected}], missing}], ages: [${AGE_FIELDS}], exposed: [{event, kind, at, values}], environments: [{files, missing: [{path, document, has, lacks}]}], findings: [${FINDING_FIELDS}]}`,
  exits: '0, whatever is in it: "sotto check" and "sotto expiry" fail.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const page = flags.text('html');
  if (positionals.length > 0 || (page === undefined && !flags.boolean('json')))
    throw new SottoError('usage', 'report takes --html FILE, or --json', {
      exit: 2,
      hint: 'sotto report --html secrets-report.html',
    });
  const isPiped = page === '-';
  if (isPiped && flags.boolean('json'))
    throw new SottoError('options-conflict', '--html - and --json both write to stdout', {
      hint: 'give --html a file, or leave one of them',
    });
  const { report } = await import('../../commands/report/report.ts');
  const found = await report({ ...commonOptions(context), version: VERSION }, io);
  if (page === undefined) return { report: await describe(found) };
  const { reportPage } = await import('../report-page.ts');
  const made = io.now().toISOString().slice(0, 16).replace('T', ' ');
  const html = reportPage(found, `${made} UTC`);
  if (isPiped) return { stdout: html };
  await io.write(io.absolute(page), html);
  return { notes: [`wrote ${page}`], report: await describe(found) };
}

async function describe({ name, readers, expiry, exposures, families, findings }: Report): Promise<object> {
  const { isLeft } = await import('../../commands/exposure/exposure.ts');
  return {
    version: 1,
    command: 'report',
    repository: name,
    readers: readers.map(({ file, rule, readers: all, missing }) => ({
      file,
      rule: rule ?? null,
      readers: all.map((one) => ({
        name: one.name ?? null,
        kind: one.kind,
        id: one.id,
        expected: one.expected ?? null,
      })),
      missing: missing.map((one) => ({ name: one.name ?? null, kind: one.kind, id: one.id })),
    })),
    ages: expiry.ages.map(ageReport),
    exposed: (exposures?.exposures ?? []).map(({ event, items }) => ({
      event: event.id,
      kind: event.kind,
      at: event.at ?? null,
      values: workListReport(items.filter(isLeft).map(({ waiver: _, opened: __, ...one }) => one)),
    })),
    environments: families.map(({ files, missing }) => ({
      files,
      missing: missing.map((one) => ({ ...one, path: printPath(one.path) })),
    })),
    findings: findings.map(findingReport),
  };
}
