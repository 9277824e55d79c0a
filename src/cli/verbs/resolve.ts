import type { Listed } from '../../commands/resolve/list.ts';
import type { Resolved } from '../../commands/resolve/resolve.ts';
import { printPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { conflictPlace } from '../conflict-text.ts';
import { CONFIG } from '../flags/files.ts';
import { list, text, toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import type { FlagValues } from '../flags/values.ts';
import { commonOptions } from '../options.ts';
import { aligned } from '../table.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'resolve',
  group: 'team',
  usage: 'resolve [flags] [FILE...]',
  summary: 'settle the conflicts of a merge in encrypted files, in your editor',
  examples: ['sotto resolve --list', 'sotto resolve --ours'],
  flags: [
    toggle('ours', 'take our values where both sides changed them'),
    toggle('theirs', 'take their values where both sides changed them'),
    list('take', 'PATH=SIDE', 'take the value at a path from ours or theirs', { repeats: 'always' }),
    toggle('list', 'only say what conflicts, and who can settle it'),
    text('tool', 'NAME', 'open a merge tool of git (mergetool.NAME.cmd) in place of the editor'),
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, files: [{file, outcome, conflicts, staged, warnings}]}; with --list {version, command, files: [{file, openable, who, conflicts: [{path, document, kind}]}]}',
  exits: '1 when conflicts are left.',
  run,
};

const QUESTION = 'Press enter to return to the editor, or Ctrl+C to exit.';

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io, say, complain } = context;
  const { askUntilClear } = await import('../confirm.ts');
  const options = {
    ...commonOptions(context),
    files: positionals,
    side: sideOf(flags),
    tool: flags.text('tool'),
    takes: (flags.list('take') ?? []).map(takeOf),
    tryAgain: async (problem: SottoError): Promise<boolean> => {
      complain(problem);
      return (await io.ask(QUESTION)) !== undefined;
    },
    confirm: async (file: string, places: readonly string[]): Promise<boolean> => {
      say(`${oneLine(file)}: its MAC does not fit, and these values are from no version that git knows:\n`);
      for (const place of places) say(`  ${oneLine(place)}\n`);
      return (await askUntilClear(io.ask, 'Are they as they should be? (y/n): ')) === true;
    },
  };
  if (flags.boolean('list')) {
    const { listConflicts } = await import('../../commands/resolve/list.ts');
    return listed(await listConflicts(options, io));
  }
  const { resolve } = await import('../../commands/resolve/resolve.ts');
  const all: Resolved[] = [];
  const next = await resolve(options, io, (resolved) => {
    all.push(resolved);
    if (!flags.boolean('json')) say(`${describe(resolved)}\n`);
  });
  if (all.length === 0 && !flags.boolean('json')) say('no encrypted file has conflicts\n');
  return {
    warnings: all.flatMap(({ warnings }) => warnings),
    notes: all.length === 0 || next === undefined ? [] : [`next: ${next}`],
    report: {
      version: 1,
      command: 'resolve',
      files: all.map(({ isStaged, ...file }) => ({ ...file, staged: isStaged })),
    },
  };
}

function sideOf(flags: FlagValues): 'ours' | 'theirs' | undefined {
  const [ours, theirs] = [flags.boolean('ours'), flags.boolean('theirs')];
  if (ours && theirs)
    throw new SottoError('options-conflict', '--ours and --theirs take the same values', {
      hint: 'leave one of them out',
    });
  return ours ? 'ours' : theirs ? 'theirs' : undefined;
}

function takeOf(text: string): { readonly path: string; readonly side: 'ours' | 'theirs' } {
  const at = text.lastIndexOf('=');
  const side = text.slice(at + 1);
  if (at > 0 && (side === 'ours' || side === 'theirs')) return { path: text.slice(0, at), side };
  throw new SottoError('usage', '--take names a path and a side', {
    hint: 'for example: --take api.token=theirs',
  });
}

function describe({ file, outcome, conflicts, isStaged }: Resolved): string {
  const name = oneLine(file);
  if (outcome === 'whole') return `${name} has no conflicts`;
  const count = conflicts === 1 ? ' (1 conflict)' : conflicts === 0 ? '' : ` (${conflicts} conflicts)`;
  const staged = isStaged ? ', staged' : '';
  return outcome === 'removed' ? `removed ${name}${staged}` : `resolved ${name}${count}${staged}`;
}

function listed(files: readonly Listed[]): Output {
  const rows = files.flatMap(({ file, openable, who, conflicts }) =>
    conflicts.map((conflict) => [
      oneLine(file),
      conflictPlace(conflict),
      KINDS[conflict.kind],
      openable ? 'openable here' : `no key here; ${who.map(oneLine).join(', ')} can`,
    ]),
  );
  return {
    stdout: aligned(rows)
      .map((line) => `${line}\n`)
      .join(''),
    report: {
      version: 1,
      command: 'resolve',
      files: files.map((file) => ({
        ...file,
        conflicts: file.conflicts.map((one) => ({ ...one, path: printPath(one.path) })),
      })),
    },
    exit: rows.length === 0 ? 0 : 1,
  };
}

const KINDS: { readonly [kind in Listed['conflicts'][number]['kind']]: string } = {
  'both-changed': 'both changed',
  'changed-removed': 'changed, and removed',
  'both-added': 'both added',
  comment: 'both changed the comment',
  document: 'both changed',
  selector: 'both changed the selector',
  groups: 'both changed the key groups',
};
