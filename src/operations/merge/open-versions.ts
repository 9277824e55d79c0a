import type { Warning } from '../../core/splice/warning.ts';
import { SottoError } from '../../errors.ts';
import type { Keyring } from '../../keys/keyring.ts';
import type { Source } from '../open.ts';
import { isEncrypted, type OpenSide, openSides, sealedLike } from './sides.ts';

/** Three versions of one file. */
export interface MergeInput {
  /** Left out where both sides made the file. */
  readonly base?: Source | undefined;
  readonly ours: Source;
  readonly theirs: Source;
}

/** Three versions, opened. */
export interface OpenMerge {
  readonly ours: OpenSide;
  readonly theirs: OpenSide;
  /** Left out where there is none, or it does not open. */
  readonly base: OpenSide | undefined;
  /** The base where it stands in clear. */
  readonly inClear?: Source | undefined;
  /** What there is to say about a version that stood in clear. */
  readonly warnings: readonly Warning[];
}

/**
 * Open the versions of a file, as far as there are keys. One that stands in clear is taken as if it were encrypted like
 * the other.
 *
 * @returns or why it can't be: a side does not open
 */
export async function openVersions(
  { base, ours, theirs }: MergeInput,
  keyring: Keyring,
): Promise<OpenMerge | { readonly closed: SottoError }> {
  const isOursClear = !isEncrypted(ours);
  const isTheirsClear = !isEncrypted(theirs);
  const isBaseClear = base !== undefined && base.text !== '' && !isEncrypted(base);
  const isBaseSealed = base !== undefined && base.text !== '' && !isBaseClear;
  const sealed = isOursClear ? [theirs] : isTheirsClear ? [ours] : [ours, theirs];
  const [first, ...others] = await openSides(isBaseSealed ? [...sealed, base] : sealed, keyring);
  const second = isOursClear || isTheirsClear ? first : others.shift();
  if (first === undefined || second === undefined) throw new Error('a version was opened');
  if (first instanceof SottoError) return { closed: first };
  if (second instanceof SottoError) return { closed: second };
  const [was] = others;
  const before = was instanceof SottoError ? undefined : was;
  const inClear = isBaseClear ? base : undefined;
  if (!isOursClear && !isTheirsClear)
    return { ours: first, theirs: second, base: before, inClear, warnings: [] };
  const clear = await sealedLike(first, isOursClear ? ours : theirs);
  const sides = isOursClear ? { ours: clear, theirs: first } : { ours: first, theirs: clear };
  return { ...sides, base: before, inClear, warnings: [wasClear(isOursClear)] };
}

function wasClear(isOurs: boolean): Warning {
  return {
    message: `${isOurs ? 'our version stood' : 'the incoming version stands'} in clear, and is encrypted now; its values are in history`,
    hint: 'give them other values: whoever has the repository can read these',
  };
}
