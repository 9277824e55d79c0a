import type { Document } from '../../core/splice/format.ts';
import type { Value } from '../../core/tree/value.ts';
import { firstOddScalar } from '../odd-scalar.ts';
import { isWrittenPlain } from './scalar/style.ts';
import { MERGE_KEY } from './write/print.ts';

/** A line break that not every reader has: CR alone, NEL, LS, PS. */
const ODD_BREAK = /\r(?!\n)|[\u0085\u2028\u2029]/;

/**
 * Where a text first has a tag, an anchor, an alias, a directive, a key behind `?`, a merge key, a line break other than LF and CR LF,
 * or a plain key or scalar that go-yaml would write otherwise: `no`, `0x1F`, nothing for null. What is in quotes, or in
 * a block, is the same text to everybody.
 */
export function firstOddYaml(document: Document): number | undefined {
  const { text, markup } = document;
  const lineBreak = ODD_BREAK.exec(text)?.index;
  if (markup !== undefined || lineBreak !== undefined)
    return Math.min(markup ?? text.length, lineBreak ?? text.length);
  return firstOddScalar(document, {
    isOdd: ({ value, place: { start, end, syntax, inFlow } }) =>
      syntax === 'plain' &&
      !isWrittenPlain(text.slice(start, end), value, { flow: inFlow === true, key: false }),
    isOddKey: ({ key, keySpan: { start, end } }, { place }) => {
      // go-yaml writes a tag in front of it, in quotes or not; to others the quotes make a difference.
      if (key === MERGE_KEY) return true;
      const quote = text.charCodeAt(start);
      if (quote === 0x22 || quote === 0x27) return false;
      const value: Value = { type: 'str', text: key };
      return !isWrittenPlain(text.slice(start, end), value, { flow: place.syntax === 'flow', key: true });
    },
  });
}
