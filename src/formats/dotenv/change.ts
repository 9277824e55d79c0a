import { ENCRYPTED_ALREADY, hasMetadata, METADATA_KEY } from '../../core/sops/metadata-key.ts';
import type { Change, Document, Edit } from '../../core/splice/format.ts';
import { printPath } from '../../core/tree/path.ts';
import type { EntryNode, MapNode, Path, TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { isBlankLine, lineEnd, lineStart, nextLine } from '../line-feeds.ts';
import { isReserved, removeMetadata } from './metadata.ts';
import { textOf } from './print.ts';

/** How a dialect of dotenv writes what changes. */
export interface Writer {
  /** @throws SottoError `set-invalid` for a name that would be read otherwise */
  checkKey(key: string): void;
  replace(document: Document, entry: EntryNode, value: string): Edit[];
  /** The line of a new entry, without its line break. */
  lineOf(document: Document, root: MapNode, key: string, value: string): string;
  /** The line break that a text uses. */
  lineBreakOf(text: string): string;
  insertMetadata(document: Document, root: MapNode, node: TreeNode): Edit;
  /** The text of an entry without what is around it on its lines. */
  extentOf(entry: EntryNode): { readonly start: number; readonly end: number };
}

/** The edits that make a change of structure. See `Format.change`. */
export function changeWith(writer: Writer): (document: Document, change: Change) => Edit[] {
  return (document, change) => {
    const [root] = document.roots;
    if (root === undefined) throw new Error('there is no document');
    const [key, below] = change.path;
    const isMetadata = key === METADATA_KEY && below === undefined;
    if (change.op === 'remove') {
      if (isMetadata && hasMetadata(root)) return removeMetadata(document.text);
      return [removeEntry(document.text, root, change.path, writer)];
    }
    if (isMetadata && change.metadata === true) return [writer.insertMetadata(document, root, change.node)];
    return setEntry(document, root, change.path, change.node, writer);
  };
}

function setEntry(document: Document, root: MapNode, path: Path, node: TreeNode, writer: Writer): Edit[] {
  const value = textFor(path, node);
  const key = String(path[0]);
  if (isReserved(key)) {
    throw new SottoError('already-encrypted', `the key ${printPath([key])} begins with sops_`, {
      hint: 'these keys are reserved for the metadata',
      inSops: ENCRYPTED_ALREADY,
      hasParagraphs: true,
    });
  }
  const entry = entryAt(root, path);
  if (entry !== undefined) return writer.replace(document, entry, value);
  writer.checkKey(key);
  return [appended(document, root, writer.lineOf(document, root, key, value), writer)];
}

/**
 * A line behind the last entry: comments below that one stay below, or they would speak for the new one. At the end of
 * the text there is a line break behind it if there was one behind the last line.
 */
function appended({ text }: Document, root: MapNode, line: string, writer: Writer): Edit {
  const lineBreak = writer.lineBreakOf(text);
  const last = root.items.findLast((item): item is EntryNode => item.kind === 'entry');
  const at =
    last === undefined || root.items.at(-1) === last
      ? text.length
      : nextLine(text, writer.extentOf(last).end);
  const isOnLine = at === 0 || text.charAt(at - 1) === '\n';
  return { start: at, end: at, text: isOnLine ? line + lineBreak : lineBreak + line };
}

/** The string that a value becomes. @throws SottoError `output-unsupported` */
function textFor(path: Path, node: TreeNode): string {
  const isNull = node.kind === 'value' && node.value.type === 'null';
  if (isNull && path.length === 1) {
    throw new SottoError('output-unsupported', `${printPath(path)}: dotenv has no null`, {
      hint: 'set it to an empty text, or unset it',
    });
  }
  return textOf(path.length === 1 ? node : { kind: 'map', items: [], place: node.place }, path);
}

function entryAt(root: MapNode, path: Path): EntryNode | undefined {
  const [entry, another] = root.items.filter(
    (item): item is EntryNode => item.kind === 'entry' && item.key === path[0],
  );
  if (another === undefined) return entry;
  throw new SottoError('set-invalid', `${printPath(path)} is there more than once`, {
    hint: 'remove all but one of these keys with "sotto edit" first',
  });
}

/** Take out the lines of an entry, with the comments right above it; one blank line stays where there were two. */
function removeEntry(text: string, root: MapNode, path: Path, writer: Writer): Edit {
  const entry = path.length === 1 ? entryAt(root, path) : undefined;
  if (entry === undefined) throw new SottoError('path-missing', `there is nothing at ${printPath(path)}`);
  const extent = writer.extentOf(entry);
  let start = lineStart(text, extent.start);
  for (const item of root.items.slice(0, root.items.indexOf(entry)).reverse()) {
    if (item.kind !== 'comment' || nextLine(text, item.place.start) !== start) break;
    start = lineStart(text, item.place.start);
  }
  const end = nextLine(text, extent.end);
  if (end >= text.length) {
    const isOpen = !text.endsWith('\n') && start > 0;
    return {
      start: isOpen ? lineEnd(text, lineStart(text, start - 1)) : start,
      end: text.length,
      text: '',
    };
  }
  const isApart = start === 0 || isBlankLine(text, lineStart(text, start - 1));
  return { start, end: isApart ? behindBlankLines(text, end) : end, text: '' };
}

function behindBlankLines(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlankLine(text, at)) at = nextLine(text, at);
  return at < text.length ? at : start;
}
