import { gitSettings } from '../../io/git/settings.ts';
import type { Io } from '../../io/io.ts';
import { isPipeline } from '../../io/pipeline.ts';

/** Whether git may have the plain text of a file, and why not if somebody would expect it. */
export type Reveal = { readonly isAllowed: true } | { readonly isAllowed: false; readonly reason?: string };

/**
 * Whether what is printed for git goes to somebody's eyes alone: to a pager, unless settings say otherwise. All else that
 * git makes of a text (a patch, what an IDE or a pipeline shows, a note that keeps it) goes to others, and stays.
 */
export async function mayReveal(io: Io): Promise<Reveal> {
  const { SOTTO_REVEAL: forced, GIT_PAGER_IN_USE: pager } = io.environment;
  if (forced === '0') return { isAllowed: false };
  const isShown = pager === 'true' && !isPipeline(io.environment);
  const settings = await gitSettings(io, '^(sotto\\.reveal|diff\\..*\\.cachetextconv)$');
  const wanted = settings.findLast(({ name }) => name === 'sotto.reveal')?.value;
  const isWanted =
    forced === '1' || (wanted === undefined || wanted === 'auto' ? isShown : wanted === 'always');
  if (!isWanted) return { isAllowed: false };
  const keeper = settings.find(({ name, value }) => name.endsWith('.cachetextconv') && !isOff(value));
  return keeper === undefined
    ? { isAllowed: true }
    : {
        isAllowed: false,
        reason: `${keeper.name} is set, which keeps what is shown in refs/notes; git config --unset ${keeper.name}`,
      };
}

/** As git reads yes and no (git-config(1)); a name alone means yes. */
function isOff(value: string): boolean {
  return /^(?:false|no|off|0|)$/i.test(value);
}
