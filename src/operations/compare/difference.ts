import { sameValue } from '../../core/tree/value.ts';
import type { Said } from './version.ts';

/** What happened to a value or a comment. */
export type Difference =
  | 'changed'
  | 'added'
  | 'removed'
  /** Another type; the text may be the same. */
  | 'retyped'
  /** Another token, and nobody here can tell whether it says the same. */
  | 're-encrypted'
  /** It is encrypted now, and was not. */
  | 'encrypted'
  /** It is in clear now, and was encrypted. */
  | 'decrypted';

/**
 * What happened between two times; `undefined` if nothing did that matters: a new token for the same value does not.
 *
 * @param isSameKey both are encrypted with the same data key, as far as that is known
 */
export function differenceOf(before: Said, after: Said, isSameKey: boolean): Difference | undefined {
  if (before.token !== '' && before.token === after.token) return undefined;
  const isSame = sameness(before, after);
  if (isSame === false) return before.type === after.type ? 'changed' : 'retyped';
  if (isSealed(before) && isReadable(after)) return 'decrypted';
  if (isReadable(before) && isSealed(after)) return 'encrypted';
  if (isSame === true) return undefined;
  // The same value keeps its token under the same key, in sops and here.
  return isSameKey ? 'changed' : 're-encrypted';
}

/** Whether both say the same; `undefined` where that can't be told. */
function sameness(before: Said, after: Said): boolean | undefined {
  // Both can be seen without a key.
  if (before.type !== after.type || before.length !== after.length) return false;
  if (before.plain === undefined || after.plain === undefined) return undefined;
  if ('comment' in before.plain || 'comment' in after.plain)
    return (
      'comment' in before.plain && 'comment' in after.plain && before.plain.comment === after.plain.comment
    );
  return sameValue(before.plain, after.plain);
}

function isSealed({ token }: Said): boolean {
  return token !== '';
}

/** In clear text, and something that could be a secret: null and the empty string are never encrypted. */
function isReadable({ token, length, type }: Said): boolean {
  return token === '' && length > 0 && type !== 'alias';
}
