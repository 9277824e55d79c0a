import type { Document } from '../../../core/splice/format.ts';
import { unreadable } from '../error.ts';

/** What sops takes for parts of keys and values, and people and most programs do not. */
const SIGNS: readonly (readonly [name: string, sign: RegExp])[] = [
  [
    'quotes',
    /^[^#\n=]*=[ \t]*(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`)[ \t]*(?:#[^\n]*)?\r?$/m,
  ],
  ['the words export', /^[ \t]*export[ \t]+[\w.-]+[ \t]*=/m],
  ['comments behind values', /^[^#\n=]+=[^"'`\n]*[ \t]#/m],
  ['blanks around =', /^[^#\n=]+(?:[ \t]=|=[ \t]+[^ \t#\r\n])/m],
  ['CRLF line ends', /\r\n/],
];

/** What shows that a plain text was not written for sops; nothing where both dialects read the same. */
export function signsIn(text: string): string[] {
  return SIGNS.flatMap(([name, sign]) => (sign.test(text) ? [name] : []));
}

/**
 * Where nobody has chosen the dialect, a word alone on its line is no key without a value: it may as well be a part of
 * a value that has no quotes, and would stay in clear.
 *
 * @throws SottoError `input-invalid`
 */
export function refuseBareKeys({
  text,
  roots: [root],
  gaps = [],
}: Pick<Document, 'text' | 'roots' | 'gaps'>): void {
  const last = root?.items.findLast((item) => item.kind === 'comment' || item.value.kind === 'value');
  const end = last === undefined ? 0 : (last.kind === 'comment' ? last : last.value).place.end;
  for (const { start, end: stop } of [...gaps.flat(), { start: end, end: text.length }]) {
    const at = text.slice(start, stop).search(/\S/);
    if (at !== -1)
      throw unreadable(
        text,
        start + at,
        'not a dotenv line: there is no = in it',
        'a value of several lines stands in quotes, and one that is empty has its =',
      );
  }
}
