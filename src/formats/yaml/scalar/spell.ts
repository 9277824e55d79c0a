import type { Document } from '../../../core/splice/format.ts';
import type { Front, Place, TreeNode } from '../../../core/tree/tree.ts';
import type { Value } from '../../../core/tree/value.ts';
import { isBlankBelow, isLastOnLine, lineBreakOf } from '../lines.ts';
import { literalBlock } from './literal.ts';
import { doubleQuoted, singleQuoted } from './quote.ts';
import { shapeOf } from './shape.ts';
import { base64Lines, chooseStyle, plainText, type ScalarContext } from './style.ts';

const BLOCK: ScalarContext = { flow: false, key: false };
const FLOW: ScalarContext = { flow: true, key: false };

/**
 * How a node is written in a place, one text for each piece of it: a string in the syntax that the place has, or, in
 * a plain one, as go-yaml would; a collection on one line.
 */
export function spellYaml(place: Place, node: TreeNode, document: Document): string[] {
  const texts = node.kind === 'value' ? spellValue(place, node.value, document) : [flowText(node)];
  const { before, front, more = [] } = place;
  const isText = node.kind === 'value' && node.value.type === 'str' && node.value.bytes === undefined;
  const kept = texts.map((text, piece) => (piece === 0 ? frontText(front, isText) + text : text));
  while (kept.length <= more.length) kept.push('');
  return before === undefined ? kept : [frontText(before, isText), ...kept];
}

function frontText(front: Front | undefined, isText: boolean): string {
  return (isText ? front?.keep : front?.untagged) ?? '';
}

function spellValue(place: Place, value: Value, document: Document): string[] {
  if (value.bytes !== undefined) return [spellBytes(place, value.bytes, document)];
  if (value.type !== 'str') return [oneLine(value, FLOW)];
  const { text } = value;
  switch (place.syntax) {
    case 'double':
      return [doubleQuoted(text)];
    case 'single':
      return [singleQuoted(text) ?? doubleQuoted(text)];
    case 'literal':
    case 'folded':
      return spellBlock(place, text, document) ?? [doubleQuoted(text)];
    default:
      return [spellPlain(place, value, document)];
  }
}

/** The two pieces of a block scalar. One line can be folded as it is; more are written as a literal. */
function spellBlock(place: Place, text: string, document: Document): string[] | undefined {
  const { indent = 0, parentIndent } = place;
  const isAboveBlank = isBlankBelow(document.text, place.more?.at(-1)?.end ?? place.end);
  const block = literalBlock(text, indent, parentIndent, lineBreakOf(document.text), isAboveBlank);
  if (block === undefined) return undefined;
  const folded = place.syntax === 'folded' && !/[^\n]\n+[^\n]/.test(text) && !/^\s/.test(text);
  return [folded ? block.header.replace('|', '>') : block.header, block.body];
}

function spellPlain(place: Place, value: Value, document: Document): string {
  const context = place.inFlow === true ? FLOW : BLOCK;
  if (chooseStyle(value, context) !== 'literal') return oneLine(value, context);
  const { text } = document;
  if (!isLastOnLine(text, place.end)) return oneLine(value, FLOW);
  const { indent = 0, parentIndent, end } = place;
  const block = literalBlock(value.text, indent, parentIndent, lineBreakOf(text), isBlankBelow(text, end));
  return block === undefined ? oneLine(value, FLOW) : block.header + block.body;
}

/** go-yaml writes what is no UTF-8 as base64, in a literal when it is long. */
function spellBytes(place: Place, bytes: Uint8Array, document: Document): string {
  const text = base64Lines(bytes);
  const fits = text.includes('\n') && place.inFlow !== true && isLastOnLine(document.text, place.end);
  const block = fits
    ? literalBlock(text, place.indent ?? 0, place.parentIndent, lineBreakOf(document.text))
    : undefined;
  return block === undefined ? bytesText(bytes) : `!!binary ${block.header}${block.body}`;
}

function bytesText(bytes: Uint8Array): string {
  return `!!binary ${base64Lines(bytes).replaceAll('\n', '')}`;
}

/** A scalar on one line, in go-yaml's choice of quotes. */
export function oneLine(value: Value, context: ScalarContext): string {
  if (value.bytes !== undefined) return bytesText(value.bytes);
  switch (chooseStyle(value, context)) {
    case 'plain':
      return plainText(value);
    case 'single':
      return singleQuoted(value.text) ?? doubleQuoted(value.text);
    default:
      return doubleQuoted(value.text);
  }
}

/** A longer key (UTF-8) begins with `?`; go-yaml reads none of more than 1,024 without it, and writes none of more than this. */
const LONGEST_SIMPLE_KEY = 128;

/** Whether a key stands on one line in front of its colon. */
export function isSimpleKey(key: string): boolean {
  return Buffer.byteLength(key) <= LONGEST_SIMPLE_KEY && !shapeOf(key).multiline;
}

/** A simple key. */
export function keyText(key: string): string {
  return oneLine({ type: 'str', text: key }, { flow: false, key: true });
}

/** `key: value` in braces. @param value as it is written there */
export function flowEntry(key: string, value: string): string {
  const name = oneLine({ type: 'str', text: key }, { flow: true, key: true });
  return Buffer.byteLength(key) <= LONGEST_SIMPLE_KEY ? `${name}: ${value}` : `? ${name} : ${value}`;
}

/** A node on one line. */
export function flowText(node: TreeNode): string {
  switch (node.kind) {
    case 'alias':
      return flowText(node.target);
    case 'value':
      return oneLine(node.value, FLOW);
    case 'list':
      return `[${node.items.flatMap((item) => (item.kind === 'comment' ? [] : [flowText(item)])).join(', ')}]`;
    default: {
      const entries = node.items.flatMap((item) => {
        return item.kind === 'entry' ? [flowEntry(item.key, flowText(item.value))] : [];
      });
      return `{${entries.join(', ')}}`;
    }
  }
}
