import type { CommitDiff } from '../../commands/diff.ts';
import type { FileDiff } from '../../commands/git/differ.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { CONFIG } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'diff',
  group: 'team',
  usage: 'diff [flags] [REV|A..B|A...B] [FILE...]',
  summary: 'say what changed in encrypted files: values, comments, readers, keys',
  examples: [
    'sotto diff',
    'sotto diff main',
    'sotto diff --log main~1..',
    'sotto diff --reveal HEAD~1 secrets.yaml',
  ],
  flags: [
    toggle('staged', 'compare what is staged, not the work tree'),
    toggle('reveal', 'show the values'),
    toggle('log', 'commit by commit, newest first'),
    toggle('exit-code', 'end with status 1 if there are differences'),
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, from, to, files: [{file, status, opened, values, comments, readers, dataKey, selector, groups, macOnlyEncrypted, mac, problem}]}; with --log {version, command, commits: [{commit, author, date, subject, files}]}',
  exits: '1 with --exit-code where something differs; 2 when it could not be compared.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const options = { ...commonOptions(context), words: positionals, isStaged: flags.boolean('staged') };
  if (flags.boolean('log')) return runLog(context, options);
  const { diff } = await import('../../commands/diff.ts');
  const { fileText, summaryText } = await import('../diff-text.ts');
  const { fileReport } = await import('../diff-report.ts');
  const reveals = flags.boolean('reveal');
  const { range, files } = await diff(options, io);
  const { from, to, isStaged } = range;
  return {
    stdout: files.map((file) => fileText(file, { reveals })).join('') + summaryText(files),
    notes: notesOn(files),
    get report() {
      const reports = files.map((file) => fileReport(file, reveals));
      return { version: 1, command: 'diff', from, to: to ?? null, staged: isStaged, files: reports };
    },
    exit: exitFor(context, files),
  };
}

type Options = Parameters<typeof import('../../commands/diff.ts').diff>[0];

async function runLog(context: Context, options: Options): Promise<Output> {
  const { flags, io, print } = context;
  if (options.isStaged)
    throw new SottoError('options-conflict', '--log is about commits, --staged is about none', {
      exit: 2,
      hint: 'leave one of them out',
    });
  const { diffLog } = await import('../../commands/diff.ts');
  const { fileText } = await import('../diff-text.ts');
  const { fileReport } = await import('../diff-report.ts');
  const [reveals, isJson] = [flags.boolean('reveal'), flags.boolean('json')];
  const commits: unknown[] = [];
  const seen: FileDiff[] = [];
  for await (const commit of diffLog(options, io)) {
    seen.push(...commit.files.map(({ comparison: _, ...file }) => file));
    if (isJson) commits.push({ ...commit, files: commit.files.map((file) => fileReport(file, reveals)) });
    else
      print(`${commitLine(commit)}\n${commit.files.map((file) => fileText(file, { reveals })).join('')}\n`);
  }
  return {
    notes: notesOn(seen),
    report: { version: 1, command: 'diff', commits },
    exit: exitFor(context, seen),
  };
}

function commitLine({ commit, date, author, subject }: CommitDiff): string {
  return `commit ${commit.slice(0, 10)} ${date.slice(0, 10)} ${oneLine(author)}   ${oneLine(subject)}`;
}

/** What is not seen without a key, once. */
function notesOn(files: readonly FileDiff[]): string[] {
  const closed = files.filter(({ problem }) => problem?.is('no-key-fits'));
  const others = files.filter(({ problem }) => problem !== undefined && !problem.is('no-key-fits'));
  return [
    ...(closed.length === 0
      ? []
      : [
          `no key here opens ${[...new Set(closed.map(({ file }) => file))].join(', ')}: types and lengths can be seen, values can't`,
        ]),
    ...others.map(({ file, problem }) => `${file}: ${problem?.message ?? ''}`),
  ];
}

function exitFor({ flags }: Context, files: readonly FileDiff[]): number {
  if (files.some(({ problem }) => problem !== undefined && UNREADABLE.has(problem.code))) return 2;
  return flags.boolean('exit-code') && files.length > 0 ? 1 : 0;
}

/** A file of which nothing could be compared. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'input-invalid',
  'metadata-invalid',
  'policy-invalid',
  'input-unreadable',
]);
