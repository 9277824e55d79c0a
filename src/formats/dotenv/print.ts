import type { Document } from '../../core/splice/format.ts';
import { printPath } from '../../core/tree/path.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import { behindAliases, type Path, type Place, type TreeNode } from '../../core/tree/tree.ts';
import type { Value } from '../../core/tree/value.ts';
import { SottoError } from '../../errors.ts';
import { escapeBreaks, unescapeBreaks } from './escape.ts';

/** How a value is written behind its `=`. */
export function spellDotenv(_place: Place, node: TreeNode, _document: Document): string[] {
  return [escapeBreaks(textOf(node, []))];
}

/** The string that a value is once it is written: there are no other types, and no backslash before an n. */
export function roundTripDotenv(value: Value): Value {
  return { type: 'str', text: unescapeBreaks(escapeBreaks(plainText(value))) };
}

/** Print a document as sops does. Only the first one has a place. */
export function printDotenv(nodes: readonly TreeNode[]): string {
  return printLines(nodes, (key, value) => `${key}=${escapeBreaks(value)}`);
}

/**
 * Print the first document, line by line.
 *
 * @throws SottoError `output-unsupported`
 */
export function printLines(
  nodes: readonly TreeNode[],
  lineOf: (key: string, value: string) => string,
): string {
  const [first] = nodes;
  if (first === undefined) return '';
  const root = behindAliases(first);
  if (root.kind !== 'map') {
    throw unsupported(
      `the dotenv store only supports emitting strings, got ${root.kind === 'value' ? root.value.type : root.kind}`,
      'choose another output type',
    );
  }
  return root.items
    .flatMap((item) => {
      if (item.kind === 'comment') return commentLines(item.text);
      return [`${lineOf(keyText(item.key), textOf(item.value, [item.key]))}\n`];
    })
    .join('');
}

/** sops writes a comment of several lines as it is, so that all but the first would be read as values. */
function commentLines(text: string): string[] {
  return text.split('\n').map((line) => `#${line}\n`);
}

/**
 * A value as the text that it is in dotenv.
 *
 * @throws SottoError `output-unsupported` for a collection, and for what is no text
 */
export function textOf(node: TreeNode, path: Path): string {
  if (node.kind === 'alias') return textOf(node.target, path);
  if (node.kind !== 'value') {
    const [key = ''] = path;
    throw new SottoError('output-unsupported', `${key} holds several values, and dotenv has texts only`, {
      inSops: `cannot use complex value in dotenv file; offending key ${key}`,
      hint: 'choose another --output-type, or leave it out',
    });
  }
  if (node.value.bytes !== undefined) {
    throw unsupported(
      `${path.length === 0 ? 'a value' : printPath(path)} is no UTF-8 text`,
      'dotenv has texts only',
    );
  }
  return plainText(node.value);
}

/** @throws SottoError `output-unsupported` for a key that would be read otherwise */
function keyText(key: string): string {
  if (!/^#|[=\n]/.test(key)) return key;
  throw unsupported(
    `dotenv can't have the key ${printPath([key])}`,
    'a key does not begin with # and has no =',
  );
}

function unsupported(message: string, hint: string): SottoError {
  return new SottoError('output-unsupported', message, { hint });
}
