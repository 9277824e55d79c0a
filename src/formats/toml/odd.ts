import type { Document } from '../../core/splice/format.ts';
import { firstOddScalar } from '../odd-scalar.ts';
import { spellToml } from './spell.ts';

/**
 * Where a text first has a number or a boolean that is not written as sotto writes it (`0x1F`, `1_000`), or a time: that is a
 * text to rops.
 */
export function firstOddToml(document: Document): number | undefined {
  return firstOddScalar(document, {
    isOdd: (node) => {
      const { start, end, syntax } = node.place;
      if (syntax !== 'plain') return false;
      return document.text.slice(start, end) !== spellToml(node.place, node, document)[0];
    },
    isOddKey: () => false,
  });
}
