import type { Document } from '../../core/splice/format.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import type { Place, Syntax, TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { lineEnd } from '../line-feeds.ts';
import { scanKey } from './scan-key.ts';
import { type ScannedValue, scanValue } from './scan-value.ts';
import { findMark, trim } from './space.ts';

/** How a value is written in a place: in the quotes that it has, or as sops would, or as go-ini reads it back. */
export function spellIni(place: Place, node: TreeNode, document: Document): string[] {
  if (node.kind !== 'value') throw new Error('only a value has a spelling in INI');
  const text = plainText(node.value);
  const spelled = hasComment(document.text, place) ? spellBeside(text, place.syntax) : undefined;
  const result = spelled ?? spellValue(text, place.syntax);
  if (result !== undefined) return [result];
  throw new SottoError('output-unsupported', `a value ${UNWRITABLE}`, {
    hint: 'choose YAML or JSON for it',
  });
}

/** Whether a comment stands beside; behind backquotes and triple quotes that end on their line nothing is one. */
function hasComment(source: string, { end, syntax }: Place): boolean {
  return syntax !== 'backquote' && syntax !== 'triple' && findMark(source, end, lineEnd(source, end)) !== -1;
}

/** Why there is no spelling for a value. */
export const UNWRITABLE =
  'cannot be written in INI: it has several lines, and both backquotes and triple quotes in them';

/** A value with nothing behind it; `undefined` if go-ini would read none of its spellings back. */
export function spellValue(text: string, syntax: Syntax): string | undefined {
  return candidates(text, syntax).find((candidate) => {
    const read = readBack(candidate, '');
    return read?.text === text && read.comment === undefined;
  });
}

/** A value that has a comment beside it. */
export function spellBeside(text: string, syntax: Syntax): string | undefined {
  return candidates(text, syntax).find((candidate) => {
    const read = readBack(candidate, ' ;');
    return read?.text === text && read.comment?.start === candidate.length + 1;
  });
}

/** The value as go-ini reads it in front of some text; `undefined` if it goes on behind that. */
function readBack(candidate: string, behind: string): ScannedValue | undefined {
  const source = `${candidate}${behind}\n`;
  try {
    const value = scanValue(source, 0);
    return value.next === source.length ? value : undefined;
  } catch {
    return undefined;
  }
}

function candidates(text: string, syntax: Syntax): string[] {
  const styles: readonly Syntax[] = syntax === 'plain' ? [sopsStyle(text)] : [syntax, sopsStyle(text)];
  return [...styles, 'plain', 'backquote', 'triple', 'double', 'single'].map((style) => quoted(text, style));
}

/** The quotes that go-ini writes (`file.go`, writeToBuffer). */
function sopsStyle(text: string): Syntax {
  if (/[\n`]/.test(text)) return 'triple';
  if (/[#;]/.test(text)) return 'backquote';
  return trim(text) === text ? 'plain' : 'double';
}

function quoted(text: string, style: string): string {
  switch (style) {
    case 'triple':
      return `"""${text}"""`;
    case 'backquote':
      return `\`${text}\``;
    case 'double':
      return `"${text}"`;
    case 'single':
      return `'${text}'`;
    default:
      return text;
  }
}

/** A key as go-ini writes it, or else in quotes in which it reads it back; `undefined` if there are none. */
export function spellKey(name: string): string | undefined {
  if (name === '' || name === '-' || name.includes('\n') || trim(name) !== name) return undefined;
  const first = /["=:]/.test(name) ? `\`${name}\`` : name.includes('`') ? `"""${name}"""` : name;
  return [first, name, `"${name}"`, `\`${name}\``, `"""${name}"""`].find((candidate) => {
    if (/^[[#;]/.test(candidate)) return false;
    const source = `${candidate} =\n`;
    try {
      const key = scanKey(source, 0, source.length);
      return key.name === name && key.span.end === candidate.length;
    } catch {
      return false;
    }
  });
}
