import type { FileReader, Readership } from '../../commands/people/readership.ts';
import { oneLine } from '../../text/printable.ts';
import { CONFIG } from '../flags/files.ts';
import { text } from '../flags/flag.ts';
import { commonOptions } from '../options.ts';
import { aligned } from '../table.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'who',
  group: 'team',
  usage: 'who [flags] [FILE]...',
  summary: 'show who can read which files, by name, and who should not; needs no key',
  examples: ['sotto who', 'sotto who secrets.yaml', 'sotto who --person ben'],
  flags: [text('person', 'NAME', 'only what NAME can read, and since which commit'), CONFIG],
  json: '{version, command, files: [{file, rule, readers: [{name, kind, id, expected, since}], missing, groups}]}',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const { who } = await import('../../commands/people/who.ts');
  const person = flags.text('person');
  const files = await who(
    {
      ...commonOptions(context),
      files: positionals,
      person,
      isDated: person !== undefined || flags.boolean('json'),
    },
    io,
  );
  return {
    stdout: person === undefined ? table(files) : datedTable(files),
    report: reportOf(files),
  };
}

function table(files: readonly Readership[]): string {
  const rows = files.map((one) => [oneLine(one.file), readersOf(one), remarksOn(one)]);
  return lines(rows);
}

/** `ann, ben!, 1 of (ann, ben) and (carol)`; `!` marks whom the rule does not name. */
function readersOf({ readers }: Readership): string {
  return oneLine(readers.map((one) => `${one.name ?? one.label}${markOf(one)}`).join(', '));
}

function markOf({ expected }: FileReader): string {
  return expected === false ? '!' : '';
}

function remarksOn({ rule, readers, missing, groups }: Readership): string {
  return oneLine(
    [
      rule === undefined ? 'no rule' : `rule ${rule}`,
      ...(groups === undefined
        ? []
        : [
            `needs ${groups.needed} of ${groups.members.length} groups: ${groups.members.map((names) => `(${names.join(', ')})`).join(' ')}`,
          ]),
      ...(readers.some(({ expected }) => expected === false) ? ['! not in the rule'] : []),
      ...(missing.length === 0
        ? []
        : [`missing: ${missing.map(({ name, label }) => name ?? label).join(', ')}`]),
    ].join('; '),
  );
}

function datedTable(files: readonly Readership[]): string {
  return lines(
    files.map((one) => {
      const [reader] = one.readers;
      const { since } = reader ?? {};
      const when =
        reader === undefined
          ? 'can not read it yet'
          : since === undefined
            ? 'not committed yet'
            : `since ${since.date.slice(0, 10)} (${since.commit.slice(0, 7)})`;
      return [oneLine(one.file), oneLine(when), remarksOn({ ...one, missing: [] })];
    }),
  );
}

function lines(rows: readonly (readonly string[])[]): string {
  return aligned(rows)
    .map((line) => `${line}\n`)
    .join('');
}

function reportOf(files: readonly Readership[]): unknown {
  return {
    version: 1,
    command: 'who',
    files: files.map(({ file, rule, readers, missing, groups }) => ({
      file,
      rule: rule ?? null,
      readers: readers.map(({ name, kind, id, expected, since }) => ({
        name: name ?? null,
        kind,
        id,
        expected: expected ?? null,
        since: since ?? null,
      })),
      missing: missing.map(({ name, kind, id }) => ({ name: name ?? null, kind, id })),
      groups: groups ?? null,
    })),
  };
}
