import {
  behindAliases,
  type CommentNode,
  type EntryNode,
  type ListNode,
  type MapNode,
  type TreeNode,
} from '../../core/tree/tree.ts';
import { checkHolds } from './holds.ts';
import { oneLine, scalarText } from './spell.ts';
import { keyText } from './string.ts';

/** An array longer than this has a line for each item. */
const MAX_WIDTH = 80;
const MARGIN = '    ';

/**
 * Print a document as rops does: values first, then tables with headers of their own. Only the first document has a
 * place.
 *
 * @throws SottoError `output-unsupported` naming the first path that TOML can't hold
 */
export function printToml(nodes: readonly TreeNode[]): string {
  const [first] = nodes;
  if (first === undefined) return '';
  checkHolds(first);
  const node = behindAliases(first);
  const text = node.kind === 'map' ? tableLines([], node).join('\n') : valueText(node);
  return text === '' ? '' : `${text}\n`;
}

/** The lines of a table and of all tables below it. It has a header unless it is the root, or holds tables only. */
export function tableLines(path: readonly string[], map: MapNode): string[] {
  return sectionLines(path, map, path.length === 0 ? undefined : `[${path.map(keyText).join('.')}]`, false);
}

/** The lines of an array of tables. */
export function tableArrayLines(path: readonly string[], list: ListNode): string[] {
  const header = `[[${path.map(keyText).join('.')}]]`;
  const lines: string[] = [];
  for (const item of list.items) {
    if (item.kind === 'comment') {
      lines.push(...commentLines(item));
      continue;
    }
    const table = behindAliases(item);
    if (table.kind === 'map') lines.push(...sectionLines(path, table, header, true), '');
  }
  return lines.slice(0, lines.at(-1) === '' ? -1 : undefined);
}

/** Whether a value is written below a header: a table, or a list of nothing else. */
export function hasHeader(value: TreeNode): boolean {
  const node = behindAliases(value);
  if (node.kind !== 'list') return node.kind === 'map';
  const items = node.items.flatMap((item) => (item.kind === 'comment' ? [] : [behindAliases(item)]));
  return items.length > 0 && items.every(({ kind }) => kind === 'map');
}

/** `key = value`; an array may have several lines. */
export function pairText(key: string, value: TreeNode): string {
  return `${keyText(key)} = ${valueText(value)}`;
}

function sectionLines(
  path: readonly string[],
  { items }: MapNode,
  header: string | undefined,
  isElement: boolean,
): string[] {
  const values: string[] = [];
  const tables: string[] = [];
  let comments: CommentNode[] = [];
  for (const item of items) {
    if (item.kind === 'comment') {
      comments.push(item);
      continue;
    }
    if (hasHeader(item.value)) {
      tables.push('', ...comments.flatMap(commentLines), ...belowHeader([...path, item.key], item.value));
    } else {
      values.push(...pairLines(item, comments));
    }
    comments = [];
  }
  values.push(...comments.flatMap(commentLines));
  const isNeeded = isElement || values.length > 0 || tables.length === 0;
  const own = [...(header === undefined || !isNeeded ? [] : [header]), ...values];
  return own.length === 0 ? tables.slice(1) : [...own, ...tables];
}

function belowHeader(path: readonly string[], value: TreeNode): string[] {
  const node = behindAliases(value);
  if (node.kind === 'map') return tableLines(path, node);
  return node.kind === 'list' ? tableArrayLines(path, node) : [];
}

/** A pair with the comments above it, and behind it those that stood beside it. */
function pairLines({ key, value }: EntryNode, comments: readonly CommentNode[]): string[] {
  const beside = comments.filter(({ inline }) => inline).flatMap(commentLines);
  const above = comments.filter(({ inline }) => !inline).flatMap(commentLines);
  const [only, another] = beside;
  if (another !== undefined) return [...above, ...beside, pairText(key, value)];
  return [...above, `${pairText(key, value)}${only === undefined ? '' : ` ${only}`}`];
}

/** A value behind the sign of a pair; a long array has a line for each item. */
export function valueText(value: TreeNode): string {
  const node = behindAliases(value);
  if (node.kind === 'value') return scalarText(node.value, '\n');
  const line = oneLine(node);
  if (node.kind === 'map' || (line.length <= MAX_WIDTH && commentsIn(node).length === 0)) return line;
  const lines = node.items.flatMap((item) => {
    if (item.kind === 'comment') return commentLines(item);
    return [...commentsIn(item).flatMap(commentLines), `${oneLine(item)},`];
  });
  return `[\n${lines.map((one) => `${MARGIN}${one}\n`).join('')}]`;
}

/** The comments in a node that has to be on one line. */
function commentsIn(value: TreeNode): CommentNode[] {
  const node = behindAliases(value);
  if (node.kind === 'value') return [];
  return node.items.flatMap((item) => {
    if (item.kind === 'comment') return [item];
    return commentsIn(item.kind === 'entry' ? item.value : item);
  });
}

/** Some formats have comments of several lines; control characters are not allowed in TOML's. */
function commentLines({ text }: CommentNode): string[] {
  return text.split(/\r\n|[\r\n]/).map((line) => `#${line.replace(/[\0-\x08\x0b-\x1f\x7f]/g, '\ufffd')}`);
}
