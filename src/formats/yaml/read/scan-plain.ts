import { isBlank, isBlankOrEnd, isBreak } from '../chars.ts';
import { YamlError } from '../error.ts';
import type { Cursor, Mark } from './cursor.ts';

/** A scanned scalar. */
export interface ScannedScalar {
  readonly value: string;
  readonly end: Mark;
}

/** A scanned plain scalar. */
export interface ScannedPlain extends ScannedScalar {
  /** Line breaks follow it: a key may begin where the cursor stands now. */
  readonly broken: boolean;
}

/** Whether `---` or `...` stands here as a mark of its own. */
export function atDocumentMark(cursor: Cursor): boolean {
  if (cursor.column !== 0) return false;
  const code = cursor.code();
  if ((code !== 0x2d && code !== 0x2e) || cursor.code(1) !== code || cursor.code(2) !== code) return false;
  return isBlankOrEnd(cursor.code(3));
}

/**
 * Scan a plain scalar (go-yaml `yaml_parser_scan_plain_scalar`).
 *
 * @param start where the cursor stands
 * @param indent the least column at which it may go on
 */
export function scanPlain(cursor: Cursor, start: Mark, indent: number, inFlow: boolean): ScannedPlain {
  const { text } = cursor;
  let end = start;
  let value = '';
  /** Start of the words on this line, and the end of the last of them. */
  let from = cursor.offset;
  let to = cursor.offset;
  let fold = '';
  let broken = false;
  for (;;) {
    if (atDocumentMark(cursor) || cursor.code() === 0x23) break;
    const first = cursor.offset;
    const behind = cursor.skipWords(inFlow);
    if (behind > first) {
      if (broken) {
        value += text.slice(from, to) + fold;
        from = first;
        broken = false;
      }
      to = behind;
      end = cursor.markBefore(cursor.offset - behind);
    }
    if (!isBreak(cursor.code())) break;
    let lineBreak = '';
    let more = '';
    while (isBlank(cursor.code()) || isBreak(cursor.code())) {
      if (isBlank(cursor.code())) {
        if (broken && cursor.column < indent && cursor.code() === 0x09) {
          throw new YamlError(cursor.offset, 'found a tab character that violates indentation');
        }
        cursor.skip();
      } else if (broken) {
        more += cursor.readLine();
      } else {
        lineBreak = cursor.readLine();
        broken = true;
      }
    }
    fold = foldBreaks(lineBreak, more);
    if (!inFlow && cursor.column < indent) break;
  }
  return { value: value + text.slice(from, to), end, broken };
}

/** What line breaks between words become: one line feed a space, more of them one less. */
export function foldBreaks(first: string, more: string): string {
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}
