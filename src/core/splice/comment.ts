import type { Place } from '../tree/tree.ts';
import { BYTE_ORDER_MARK } from './byte-order-mark.ts';
import type { Document, Format } from './format.ts';

/**
 * sops reads an empty comment in a list back as an item, the empty string. So a comment of nothing but blanks gets one
 * blank more there before it is encrypted; `openedComment` takes it away.
 *
 * @param text the comment behind its `#`
 */
export function sealedComment(text: string, inList: boolean): string {
  return inList && /^ *$/.test(text) ? `${text} ` : text;
}

/** The comment that was encrypted. */
export function openedComment(text: string, inList: boolean): string {
  return inList && /^ +$/.test(text) ? text.slice(1) : text;
}

/**
 * How a comment is written in a place, one text for each piece: as it is, in formats in which comments have one line
 * and nothing else. sops's YAML reader passes over a byte order mark in a comment; ours does not.
 */
export function commentTexts(
  format: Format,
  place: Place,
  text: string,
  document: Document,
): readonly string[] {
  if (format.spellComment !== undefined) return format.spellComment(place, text, document);
  const line = text.replaceAll(BYTE_ORDER_MARK, '');
  if (place.syntax !== 'item') return [line];
  const item = `${place.front?.keep ?? ''}#${line}`;
  return place.before === undefined ? [item] : [place.before.keep, item];
}
