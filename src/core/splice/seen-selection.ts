import { lineOf } from '../../text/position.ts';
import type { Policy } from '../sops/policy.ts';
import type { Document } from './format.ts';
import { printPlace } from './leaf.ts';
import { collectLeaves } from './leaf-walk.ts';
import type { Leaves } from './leaves.ts';
import type { Warning } from './warning.ts';

const HINT =
  'to sops a comment in INI speaks for the key below the one at which it stands; select by keys (encrypted_regex, …) to avoid that';

/**
 * Says which values and comments a person takes to be selected otherwise than they are, as sops has the comments of the
 * format at other places.
 *
 * @param leaves those of the document, as the policy has them
 */
export function seenOtherwise(document: Document, leaves: Leaves, policy: Policy): Warning[] {
  const { format, roots, text } = document;
  const { asSeen } = format;
  if (asSeen === undefined) return [];
  const seen = collectLeaves({ format, text, roots: roots.map((root) => asSeen(root)) }, policy);
  const selected = new Map(Array.from(seen, (leaf) => [leaf.node, leaf.selected]));
  const otherwise = [...leaves].filter(
    (leaf) => (selected.get(leaf.node) ?? leaf.selected) !== leaf.selected,
  );
  return otherwise.map((leaf, index) => {
    const where = printPlace(leaf, text);
    const message = leaf.selected
      ? `sops encrypts ${where}, which a person reads as left in clear`
      : `sops leaves ${where} in clear, which a person reads as encrypted`;
    return {
      message,
      ...(index === 0 ? { hint: HINT } : {}),
      ...(text === '' ? {} : { line: lineOf(text, leaf.node.place.start) }),
    };
  });
}
