import { lineOf } from '../text/position.ts';

/** The line, from 1, in which git left the first conflict of a merge in a text; `undefined` where there is none. */
export function conflictLine(text: string): number | undefined {
  const begin = text.search(/^<{7} /m);
  return begin < 0 || !/^>{7} /m.test(text.slice(begin)) ? undefined : lineOf(text, begin);
}
