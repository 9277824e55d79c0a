import type { Format } from './format.ts';

/** U+FEFF at the start of a text; some editors put it there. */
export const BYTE_ORDER_MARK = '\ufeff';

/** A text as the format's reader takes it. */
export function withoutMark(text: string, { hasByteOrderMark }: Format): string {
  return hasByteOrderMark && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** The mark of a text, or an empty text. */
export function markOf(text: string, { hasByteOrderMark }: Format): string {
  return hasByteOrderMark && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
}
