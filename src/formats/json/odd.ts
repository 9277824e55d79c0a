import type { Document } from '../../core/splice/format.ts';
import type { ValueNode } from '../../core/tree/tree.ts';
import { firstOddScalar } from '../odd-scalar.ts';
import { oneLine } from './print.ts';

/** Where a text first has a number that Go would write otherwise (`1.0`, `1e2`), or half a surrogate pair. */
export function firstOddJson(document: Document): number | undefined {
  const { text } = document;
  return firstOddScalar(document, {
    isOdd: (node) => isOddScalar(text, node),
    isOddKey: ({ keySpan: { start, end } }) => hasHalfPair(text.slice(start, end)),
  });
}

/** Whether a scalar of a text is such a one. */
export function isOddScalar(text: string, node: ValueNode): boolean {
  const { start, end, syntax } = node.place;
  const written = text.slice(start, end);
  return syntax === 'plain' ? written !== oneLine(node) : hasHalfPair(written);
}

/** Whether a string, in its quotes, has half a surrogate pair, as it stands or in escapes. */
export function hasHalfPair(quoted: string): boolean {
  if (!quoted.includes('\\u')) return !quoted.isWellFormed();
  const text: unknown = JSON.parse(quoted);
  return typeof text === 'string' && !text.isWellFormed();
}
