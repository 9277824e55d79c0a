import type { Document } from '../../core/format.ts';
import { firstOddScalar } from '../odd-scalar.ts';
import { oneLine } from './print.ts';

/** Where a text first has a number that Go would write otherwise (`1.0`, `1e2`), or half a surrogate pair. */
export function firstOddJson(document: Document): number | undefined {
  const { text } = document;
  return firstOddScalar(document, {
    isOdd: (node) => {
      const { start, end, syntax } = node.place;
      const written = text.slice(start, end);
      return syntax === 'plain' ? written !== oneLine(node) : hasHalfPair(written);
    },
    isOddKey: ({ keySpan: { start, end } }) => hasHalfPair(text.slice(start, end)),
  });
}

function hasHalfPair(quoted: string): boolean {
  if (!quoted.includes('\\u')) return !quoted.isWellFormed();
  const text: unknown = JSON.parse(quoted);
  return typeof text === 'string' && !text.isWellFormed();
}
