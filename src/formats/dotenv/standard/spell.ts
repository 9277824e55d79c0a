import type { Document } from '../../../core/splice/format.ts';
import { printPath } from '../../../core/tree/path.ts';
import { plainText } from '../../../core/tree/plain-text.ts';
import type { Place, TreeNode } from '../../../core/tree/tree.ts';
import type { Value } from '../../../core/tree/value.ts';
import { SottoError } from '../../../errors.ts';
import { printLines, textOf } from '../print.ts';
import { doubleQuoted, quoted } from './quote.ts';
import { isKey } from './statement.ts';

/** How a value is written between its key and the end of the line. */
export function spellStandard(place: Place, node: TreeNode, _document: Document): string[] {
  const text = textOf(node, []);
  return pieceTexts(place, place.syntax === 'double' ? doubleQuoted(text) : quoted(text));
}

/** The texts of the pieces of a place: nothing in front of the key, and the value behind it. */
export function pieceTexts(place: Place, value: string): string[] {
  return place.before === undefined ? [`=${value}`] : ['', `=${value}`];
}

/** There are only strings, but all of them. */
export function roundTripStandard(value: Value): Value {
  return { type: 'str', text: plainText(value) };
}

/** Print a document. Only the first one has a place. */
export function printStandard(nodes: readonly TreeNode[]): string {
  return printLines(nodes, (key, value) => {
    if (isKey(key)) return `${key}=${quoted(value)}`;
    throw new SottoError('output-unsupported', `dotenv can't have the key ${printPath([key])}`, {
      hint: 'a key has letters, digits, _ . and - only',
    });
  });
}
