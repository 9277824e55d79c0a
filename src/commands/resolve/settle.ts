import type { Side } from '../../core/merge/block.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { shortPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { mergeKeyless } from '../../operations/merge/keyless.ts';
import { merge, type PlainMerge, plainMerge } from '../../operations/merge/merge.ts';
import { type OpenMerge, openVersions } from '../../operations/merge/open-versions.ts';
import { withBase } from '../../text/conflict-markers.ts';
import { runEditor, writer } from '../edit.ts';
import type { FileMerge } from '../merge/file-merge.ts';
import { toolAsEditor } from './merge-tool.ts';
import type { Place, ResolveOptions } from './place.ts';
import type { FileVersions } from './versions.ts';

/** What became of the conflicts. */
export interface Settlement {
  /** Left out where it was written already. */
  readonly text?: string | undefined;
  readonly count: number;
  readonly warnings: readonly Warning[];
}

/** Settle the conflicts of a file: as was said, or in the editor. */
export async function settle(
  file: string,
  before: string | undefined,
  { input, options: how }: FileMerge,
  { labels }: FileVersions,
  options: ResolveOptions,
  place: Place,
): Promise<Settlement> {
  const { side } = options;
  const opened = await openVersions(input, how.keyring);
  if ('closed' in opened) {
    const keyless = mergeKeyless(input, how, side);
    if (keyless === undefined) throw opened.closed;
    return { text: keyless.ours, count: 0, warnings: keyless.warnings };
  }
  if (opened.ours.decryption === undefined) {
    const result = await merge(input, how);
    if (result.conflicts.length > 0 && side === undefined)
      throw new SottoError('conflicts-left', `${file} is encrypted as a whole, and both sides changed it`, {
        hint: `take one of them: sotto resolve --ours ${file}, or --theirs`,
      });
    return { text: result[side ?? 'ours'], count: result.conflicts.length, warnings: result.warnings };
  }
  const plain = await plainMerge(opened, how);
  const warnings = [...opened.warnings, ...plain.warnings, ...settingsKept(plain)];
  const count = plain.text.conflicts.length;
  const chosen = choicesFor(plain, options);
  if (chosen.every((one) => one !== undefined)) {
    const text = plain.text.settled((conflict) => chosen[conflict] ?? 'ours');
    if (text === undefined) throw notTogether();
    return { text: await plain.seal(text, true), count, warnings };
  }
  if (!place.io.isTerminal && options.takes.length > 0) throw someLeft(plain, chosen);
  await editConflicts(file, before, plain, { ...opened, labels, chosen }, options, place);
  return { count, warnings };
}

/** Whose value each conflict gets; `undefined` where that is not said. */
function choicesFor({ text }: PlainMerge, { side, takes }: ResolveOptions): (Side | undefined)[] {
  const used = new Set<string>();
  const chosen = text.conflicts.map(({ path }) => {
    const short = shortPath(path);
    const take = takes.find(({ path: wanted }) => wanted === short);
    if (take !== undefined) used.add(take.path);
    return take?.side ?? side;
  });
  const unknown = takes.find(({ path }) => !used.has(path));
  if (unknown === undefined) return chosen;
  throw new SottoError('path-missing', `nothing conflicts at ${unknown.path}`, {
    hint:
      text.conflicts.length === 0
        ? 'nothing conflicts at all'
        : `these do: ${text.conflicts.map(({ path }) => shortPath(path)).join(', ')}`,
  });
}

async function editConflicts(
  file: string,
  before: string | undefined,
  { text, seal }: PlainMerge,
  {
    labels,
    chosen,
    base,
  }: Pick<OpenMerge, 'base'> &
    Pick<FileVersions, 'labels'> & { readonly chosen: readonly (Side | undefined)[] },
  options: ResolveOptions,
  { mergeTool, io }: Place,
): Promise<void> {
  const half = (side: Side): string | undefined => text.settled((conflict) => chosen[conflict] ?? side);
  const [mine, other] = [half('ours'), half('theirs')];
  if (mine === undefined || other === undefined) throw notTogether();
  const known = half('base') ?? base?.decryption?.text;
  const was = known ?? mine;
  const shown = Buffer.from(withBase(was, mine, other, { size: 7, ...labels }));
  await runEditor(
    { ...options, file },
    {
      shown,
      isAlwaysWritten: true,
      editorIn:
        mergeTool && toolAsEditor(mergeTool, file, { ours: mine, theirs: other, base: known ?? '' }, io),
      encryptor: async (plain) => {
        const edited = Buffer.from(plain).toString('utf8');
        if (/^(?:<{7}|>{7}|\|{7})(?: |$)/m.test(edited)) throw markersLeft();
        return { text: await seal(edited, true), warnings: [] };
      },
    },
    writer(io, { name: file, content: before }),
    io,
  );
}

/** What both sides said differently about the file itself stays as ours has it: nobody can read more then. */
function settingsKept({ conflicts }: PlainMerge): Warning[] {
  return conflicts.flatMap(({ kind }) =>
    kind === 'selector' || kind === 'groups'
      ? [
          {
            message: `both sides changed the ${kind === 'groups' ? 'key groups' : 'selector'}; ours is kept`,
            hint: 'sotto sync FILE brings them to what the rule says',
          },
        ]
      : [],
  );
}

function notTogether(): SottoError {
  return new SottoError('conflicts-left', 'these choices do not make a file', {
    hint: 'settle the conflicts in the editor: sotto resolve FILE',
  });
}

function markersLeft(): SottoError {
  return new SottoError('conflicts-left', 'there are markers of conflicts in the text still', {
    hint: 'take one of the versions between <<<<<<< and >>>>>>>, and remove these lines',
  });
}

function someLeft({ text }: PlainMerge, chosen: readonly (Side | undefined)[]): SottoError {
  const left = text.conflicts
    .filter((_, number) => chosen[number] === undefined)
    .map(({ path }) => shortPath(path));
  return new SottoError('conflicts-left', `nothing was said about ${left.join(', ')}`, {
    hint: 'add --take for each, or --ours or --theirs for all others',
  });
}
