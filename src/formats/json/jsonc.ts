import type { Document, Format, PrintOptions } from '../../core/splice/format.ts';
import type { CommentNode, Place, TreeNode } from '../../core/tree/tree.ts';
import { json } from './index.ts';
import { pretty, spellJson, unitOf } from './print.ts';
import { readRelaxed } from './read.ts';

/** JSON with comments and trailing commas, as VS Code and TypeScript read it. sops has no such format. */
export const jsonc: Format = {
  ...json,
  name: 'jsonc',
  hasByteOrderMark: true,
  read: readJsonc,
  spell: spellJsonc,
  print: printJsonc,
};

/** Comments around the object are at no key: they are encrypted where one at its top would be, or a neighbour is. */
function readJsonc(text: string): Document {
  const { root, around } = readRelaxed(text);
  return { format: jsonc, text, roots: [root], unseen: [around.map((node) => ({ ...node, path: [] }))] };
}

/** A comment's text is written as it is: a token has nothing in it that could end a comment. */
function spellJsonc(place: Place, node: TreeNode | CommentNode, document: Document): string[] {
  return node.kind === 'comment' ? [node.text] : spellJson(place, node, document);
}

/** As JSON, with each comment on a line of its own above what it is about. */
function printJsonc(nodes: readonly TreeNode[], { indent }: PrintOptions = {}): string {
  const [node] = nodes;
  return node === undefined ? '' : `${pretty(node, '', unitOf(indent), commentText)}\n`;
}

/** Between marks, if there is a line break in it. */
function commentText({ text }: CommentNode): string {
  return /[\n\r\u2028\u2029]/.test(text) ? `/*${text.replaceAll('*/', '* /')}*/` : `//${text}`;
}
