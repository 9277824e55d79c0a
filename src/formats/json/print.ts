import type { Document, PrintOptions } from '../../core/splice/format.ts';
import { exponentText } from '../../core/tree/number.ts';
import type { CommentNode, EntryNode, Place, TreeNode } from '../../core/tree/tree.ts';
import type { Value } from '../../core/tree/value.ts';
import { SottoError } from '../../errors.ts';
import { lossyText } from '../../text/utf8.ts';
import { encodeBytes, encodeString } from './string.ts';

/** How a value is written in JSON; all places are alike. */
export function spellJson(_place: Place, node: TreeNode, _document: Document): string[] {
  return [oneLine(node)];
}

/** JSON has no times, and no bytes that are not text. */
export function roundTripJson(value: Value): Value {
  if (value.type === 'time') return { type: 'str', text: value.text };
  return value.bytes === undefined ? value : { type: 'str', text: lossyText(value.bytes) };
}

/** Print a document as sops does: indented by a tab, with a line break at the end. Only the first one has a place. */
export function printJson(nodes: readonly TreeNode[], { indent }: PrintOptions = {}): string {
  const [node] = nodes;
  return node === undefined ? '' : `${pretty(node, '', unitOf(indent))}\n`;
}

/** sops's setting: negative a tab, 0 line breaks only, otherwise spaces. */
export function unitOf(indent: number | undefined): string {
  return indent === undefined || indent < 0 ? '\t' : ' '.repeat(indent);
}

/** A node on one line, with a blank behind each colon and comma. */
export function oneLine(node: TreeNode): string {
  switch (node.kind) {
    case 'alias':
      return oneLine(node.target);
    case 'value':
      return scalarText(node.value);
    case 'list':
      return `[${node.items.flatMap((item) => (item.kind === 'comment' ? [] : [oneLine(item)])).join(', ')}]`;
    default: {
      const entries = node.items.flatMap((item) => {
        return item.kind === 'entry' ? [`${encodeString(item.key)}: ${oneLine(item.value)}`] : [];
      });
      return `{${entries.join(', ')}}`;
    }
  }
}

/** How a comment is written on a line of its own; `undefined` where there are none. */
export type CommentPrinter = (comment: CommentNode) => string | undefined;

/** A node on several lines; the first has no indentation of its own. */
export function pretty(
  node: TreeNode,
  margin: string,
  unit: string,
  comment: CommentPrinter = () => undefined,
): string {
  const inside = margin + unit;
  switch (node.kind) {
    case 'alias':
      return pretty(node.target, margin, unit, comment);
    case 'value':
      return scalarText(node.value);
    case 'list': {
      const lines = linesOf(node.items, (item) => pretty(item, inside, unit, comment), comment);
      return lines.length === 0 ? '[]' : `[\n${inside}${lines.join(`\n${inside}`)}\n${margin}]`;
    }
    default: {
      const lines = linesOf(
        node.items,
        ({ key, value }) => `${encodeString(key)}: ${pretty(value, inside, unit, comment)}`,
        comment,
      );
      return lines.length === 0 ? '{}' : `{\n${inside}${lines.join(`\n${inside}`)}\n${margin}}`;
    }
  }
}

/** Items and comments, with a comma behind each item but the last. */
function linesOf<Item extends EntryNode | TreeNode>(
  items: readonly (Item | CommentNode)[],
  print: (item: Item) => string,
  comment: CommentPrinter,
): string[] {
  const last = items.findLastIndex((item) => item.kind !== 'comment');
  return items.flatMap((item, index) => {
    if (item.kind !== 'comment') return [`${print(item)}${index === last ? '' : ','}`];
    const text = comment(item);
    return text === undefined ? [] : [text];
  });
}

/** How a value is written. @throws SottoError `output-unsupported` for a number that JSON does not have */
export function scalarText({ type, text, bytes }: Value): string {
  switch (type) {
    case 'null':
      return 'null';
    case 'bool':
      return text.toLowerCase();
    case 'int':
      return text;
    case 'float':
      return floatText(text);
    default:
      return bytes === undefined ? encodeString(text) : encodeBytes(bytes);
  }
}

/** Go's encoding/json: an exponent below 1e-6 and from 1e21 on. */
function floatText(text: string): string {
  if (text === 'NaN' || text.endsWith('Inf')) {
    throw new SottoError('output-unsupported', `JSON has no ${text}`, {
      inSops: `Error marshaling to json: Error encoding value : json: unsupported value: ${text}`,
      hint: 'choose YAML as the output type',
    });
  }
  return exponentText(text, -6, 21, 1);
}
