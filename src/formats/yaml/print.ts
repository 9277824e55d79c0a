import type { PrintOptions } from '../../core/format.ts';
import type { CommentNode, EntryNode, ListNode, MapNode, TreeNode } from '../../core/tree.ts';
import type { Value } from '../../core/value.ts';
import { literalBlock } from './literal.ts';
import { keyText, oneLine } from './spell.ts';
import { base64Lines, chooseStyle } from './style.ts';

/** sops's own indentation (sops `stores/yaml`, IndentDefault). */
const DEFAULT_INDENT = 4;

/** How a printer indents. */
export interface Indentation {
  /** Columns from a mapping to what is below its keys. */
  readonly unit: number;
  /** Lists stand deeper than the key that they belong to. */
  readonly indentLists: boolean;
  /** Columns are multiples of the unit, as go-yaml's emitter has them. */
  readonly aligned: boolean;
  readonly lineBreak: string;
}

/** The indentation that sops prints with; go-yaml makes anything outside of 2 to 9 a 2. */
export function sopsIndentation(indent: number | undefined): Indentation {
  const unit = indent === undefined || indent === 0 ? DEFAULT_INDENT : indent;
  return { unit: unit < 2 || unit > 9 ? 2 : unit, indentLists: true, aligned: true, lineBreak: '\n' };
}

/** Print documents from their trees alone, as sops does. */
export function printYaml(documents: readonly TreeNode[], { indent }: PrintOptions = {}): string {
  const printer = new Printer(sopsIndentation(indent));
  return documents.map((document) => printer.document(document)).join('---\n');
}

/** Prints nodes as blocks. Every text ends without its last line break. */
export class Printer {
  readonly #indentation: Indentation;
  readonly #blankBelow: boolean;

  /** @param blankBelow a blank line follows on what is printed, and may not become part of it */
  constructor(indentation: Indentation, blankBelow = false) {
    this.#indentation = indentation;
    this.#blankBelow = blankBelow;
  }

  document(node: TreeNode): string {
    const { lineBreak } = this.#indentation;
    const text = isBlock(node) ? this.block(node, 0) : this.#scalar(node, 0, 0, false);
    return text === '' ? '' : `${text.trimStart()}${lineBreak}`;
  }

  /** The lines of a collection that is not empty, at a column. */
  block(node: MapNode | ListNode, column: number): string {
    return node.kind === 'map' ? this.#mapping(node, column) : this.#list(node, column);
  }

  /** `key: value`, the key at a column; the first line has no indentation. */
  entry(key: string, value: TreeNode, column: number, inline = ''): string {
    const name = `${keyText(key, false)}:`;
    const node = behindAliases(value);
    if (!isBlock(node))
      return `${name} ${this.#scalar(node, this.#below(column), column, inline !== '')}${inline}`;
    const list = node.kind === 'list' && !this.#indentation.indentLists;
    const inside = list ? column : this.#below(column);
    return `${name}${inline}${this.#indentation.lineBreak}${this.#pad(inside)}${this.block(node, inside)}`;
  }

  /** `- value`, the dash at a column; the first line has no indentation. */
  item(value: TreeNode, column: number, inline = ''): string {
    const node = behindAliases(value);
    if (isBlock(node)) return `- ${this.block(node, column + 2)}${inline}`;
    return `- ${this.#scalar(node, column + 2, column, inline !== '')}${inline}`;
  }

  #mapping({ items }: MapNode, column: number): string {
    return this.#lines(items, column, (entry, inline) => {
      return entry.kind === 'entry' ? this.entry(entry.key, entry.value, column, inline) : '';
    });
  }

  #list({ items }: ListNode, column: number): string {
    return this.#lines(items, column, (item, inline) => this.item(item, column, inline));
  }

  /** Items with the comments above them and, on their line, those that sops saw beside them. */
  #lines<Item extends EntryNode | TreeNode>(
    items: readonly (Item | CommentNode)[],
    column: number,
    print: (item: Item, inline: string) => string,
  ): string {
    const lines: string[] = [];
    let inline: string[] = [];
    for (const item of items) {
      if (item.kind === 'comment') {
        const comment = commentLines(item.text);
        if (item.inline) inline.push(...comment);
        else lines.push(...comment);
        continue;
      }
      // There is room for one beside the item.
      const [beside, ...others] = inline;
      if (others.length > 0) lines.push(...inline);
      lines.push(print(item, beside === undefined || others.length > 0 ? '' : ` ${beside}`));
      inline = [];
    }
    return [...lines, ...inline].join(this.#indentation.lineBreak + this.#pad(column));
  }

  #scalar(node: TreeNode, indent: number, parentIndent: number, commented: boolean): string {
    if (node.kind === 'map') return '{}';
    if (node.kind === 'list') return '[]';
    if (node.kind === 'alias') return '';
    const context = { flow: false, key: false };
    return (
      (commented ? undefined : this.#literal(node.value, indent, parentIndent)) ??
      oneLine(node.value, context)
    );
  }

  #literal(value: Value, indent: number, parentIndent: number): string | undefined {
    if (value.bytes !== undefined) {
      const lines = base64Lines(value.bytes);
      const block = lines.includes('\n')
        ? literalBlock(lines, indent, parentIndent, this.#indentation.lineBreak)
        : undefined;
      return block === undefined ? undefined : `!!binary ${block.header}${block.body}`;
    }
    if (chooseStyle(value, { flow: false, key: false }) !== 'literal') return undefined;
    const { lineBreak } = this.#indentation;
    const block = literalBlock(value.text, indent, parentIndent, lineBreak, this.#blankBelow);
    return block === undefined ? undefined : block.header + block.body;
  }

  #below(column: number): number {
    const { unit, aligned } = this.#indentation;
    return aligned ? unit * Math.floor((column + unit) / unit) : column + unit;
  }

  #pad(column: number): string {
    return ' '.repeat(column);
  }
}

/** Every line of a comment has its mark, or what follows a line break would be read as values. */
function commentLines(text: string): string[] {
  const [first = '', ...rest] = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  return [
    `#${first}`,
    ...rest.map((line) => (/^[#\s]/.test(line) ? `#${line.replace(/^#/, '')}` : `# ${line}`)),
  ];
}

/** A collection that needs lines of its own; comments do too. */
function isBlock(node: TreeNode): node is MapNode | ListNode {
  return (node.kind === 'map' || node.kind === 'list') && node.items.some(({ kind }) => kind !== 'comment');
}

function behindAliases(node: TreeNode): TreeNode {
  let target = node;
  while (target.kind === 'alias') target = target.target;
  return target;
}
