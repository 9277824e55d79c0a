import type { Policy } from '../core/sops/policy.ts';
import { withoutMark } from '../core/splice/byte-order-mark.ts';
import type { Document } from '../core/splice/format.ts';
import { type Leaf, printPlace } from '../core/splice/leaf.ts';
import { collectLeaves } from '../core/splice/leaf-walk.ts';
import type { Warning } from '../core/splice/warning.ts';
import { valueBytes } from '../core/tree/value.ts';
import type { OpenFile } from './open.ts';

/** What the rule of a file encrypts, where the file has another selector. */
export interface RuledSelection {
  readonly policy: Policy;
  /**
   * Told of what a change puts in clear that the rule encrypts.
   *
   * @param places as in `["a"]["b"]`
   * @throws SottoError if that must not be
   */
  shown(places: readonly string[]): readonly Warning[];
}

/**
 * Look for values and comments that a change of a file puts in clear though its rule encrypts them. What stood in clear
 * at the same path before is not the change's doing.
 *
 * @param before the plain text as it was
 * @param after as it is to be: a text, or read already
 */
export function findShown(
  { format, policy }: OpenFile,
  before: Document,
  after: string | Document,
  ruled: RuledSelection,
): readonly Warning[] {
  const known = new Map<string, number>();
  for (const leaf of collectLeaves(before, policy)) {
    if (isShown(leaf)) known.set(nameOf(leaf), (known.get(nameOf(leaf)) ?? 0) + 1);
  }
  const document = typeof after === 'string' ? format.read(withoutMark(after, format)) : after;
  const wanted = collectLeaves(document, ruled.policy);
  const shown = [...collectLeaves(document, policy)].filter((leaf, index) => {
    if (!isShown(leaf)) return false;
    const left = known.get(nameOf(leaf)) ?? 0;
    known.set(nameOf(leaf), left - 1);
    return left < 1 && wanted.isEncrypted(index);
  });
  return shown.length === 0 ? [] : ruled.shown(shown.map((leaf) => printPlace(leaf, document.text)));
}

function isShown({ encrypted, node }: Leaf): boolean {
  if (encrypted) return false;
  return node.kind === 'comment' || valueBytes(node.value).length > 0;
}

function nameOf({ node, document, aad }: Leaf): string {
  const said =
    node.kind === 'comment'
      ? ['comment', node.text]
      : [node.value.type, Buffer.from(valueBytes(node.value)).toString('base64')];
  return JSON.stringify([document, aad, ...said]);
}
