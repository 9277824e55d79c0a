import { printPath } from '../../core/tree/path.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import { behindAliases, commentText, type MapNode, type Path, type TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { oneLine, printJson } from '../json/print.ts';
import { arrangeIni } from './arrange.ts';
import { DEFAULT_SECTION } from './scan.ts';
import { trim } from './space.ts';
import { spellKey, spellValue, UNWRITABLE } from './spell.ts';

const UTF_8 = new TextEncoder();

/** A key of a section with its value as text, and the comment that stands above it. */
export interface PrintedSetting {
  readonly key: string;
  readonly text: string;
  readonly comment?: string;
}

/**
 * Print documents as sops does, their sections one after the other. A comment in a section goes above the key in front
 * of it, as it stands in the tree that INI has. A value that was extracted is printed as JSON.
 *
 * @throws SottoError `output-unsupported`
 */
export function printIni(nodes: readonly TreeNode[]): string {
  const trees = nodes.map(behindAliases);
  const maps = trees.filter((node) => node.kind === 'map');
  if (maps.length === trees.length) return printSections(maps.flatMap((map) => arrangeIni(map).items));
  const [value] = trees;
  if (value?.kind !== 'list') return printJson(trees);
  const items = value.items.flatMap((item) => (item.kind === 'comment' ? [] : [oneLine(item)]));
  return `[${items.join(',')}]\n`;
}

/** The lines of a section's keys: delimiters below each other. @throws SottoError `output-unsupported` */
export function printSettings(section: string, settings: readonly PrintedSetting[]): string {
  const keys = settings.map(({ key }) => {
    const spelled = spellKey(key);
    if (spelled === undefined) throw unsupported([section, key], 'INI has no spelling for this key');
    return { spelled, width: UTF_8.encode(spelled).length };
  });
  const column = keys.reduce((widest, { width }) => Math.max(widest, width), 0);
  const lines = settings.map(({ key, text, comment }, index) => {
    const { spelled = '', width = 0 } = keys[index] ?? {};
    const value = spellValue(text, 'plain');
    if (value === undefined) throw unsupported([section, key], `the value ${UNWRITABLE}`);
    return `${commentLines(comment, false)}${spelled}${' '.repeat(column - width)} = ${value}\n`;
  });
  return lines.join('');
}

/** Each line of a comment with its mark (go-ini `file.go`, writeToBuffer); those above a section are not trimmed. */
function commentLines(comment: string | undefined, isSection: boolean): string {
  if (comment === undefined || comment === '') return '';
  const lines = comment.split('\n').map((line) => {
    if (/^[;#]/.test(line)) return `${line.charAt(0)} ${trim(line.slice(1))}\n`;
    return `; ${isSection ? line : trim(line)}\n`;
  });
  return lines.join('');
}

function printSections(items: MapNode['items']): string {
  let sections = 0;
  const texts = items.map((item) => {
    if (item.kind === 'comment') return commentLines(commentText(item), true);
    const node = behindAliases(item.value);
    if (node.kind !== 'map') throw noSection(item.key);
    sections += 1;
    return printSection(item.key, node, sections === 1);
  });
  return texts.filter((text) => text !== '').join('\n');
}

function printSection(name: string, { items }: MapNode, isFirst: boolean): string {
  if (name === '' || name.includes('\n'))
    throw unsupported([name], 'INI has no spelling for the name of this section');
  const settings = items.flatMap((item, index): PrintedSetting[] => {
    if (item.kind === 'comment') return [];
    const next = items[index + 1];
    const comment = next?.kind === 'comment' ? { comment: commentText(next) } : {};
    return [{ key: item.key, text: textOf([name, item.key], item.value), ...comment }];
  });
  const [first] = items;
  const comment = first?.kind === 'comment' ? commentLines(commentText(first), true) : '';
  const header = isFirst && name === DEFAULT_SECTION ? '' : `[${name}]\n`;
  return comment + header + printSettings(name, settings);
}

function textOf(path: Path, node: TreeNode): string {
  const target = behindAliases(node);
  if (target.kind === 'value') return plainText(target.value);
  throw unsupported(path, 'a section of an INI file holds only single values');
}

/** What has no place outside of a section. */
export function noSection(name: string): SottoError {
  return new SottoError(
    'output-unsupported',
    `${printPath([name])} is no mapping, and INI holds sections of single values`,
    {
      inSops: 'Error marshaling to INI: Error encoding section: Section values should always be TreeBranches',
      hint: 'choose another --output-type, or put it below a key',
    },
  );
}

/** What INI cannot hold, and where. */
export function unsupported(path: Path, problem: string): SottoError {
  const where = path.length === 0 ? '' : `${printPath(path)}: `;
  return new SottoError('output-unsupported', `${where}${problem}`, {
    hint: 'choose YAML or JSON as the output type',
  });
}
