import { ownerText, type WorkItem, type WorkList } from '../commands/people/work-list.ts';
import { printPath, shortPath } from '../core/tree/path.ts';
import { type Exposed, isOpen } from '../operations/exposed/exposed.ts';
import { oneLine } from '../text/printable.ts';

/** What is left to be changed at its source. @param most as many lines; all if left out */
export function workListText(name: string, { exposed, isShallow }: WorkList, most?: number): string {
  const open = exposed.filter(isOpen);
  const files = new Set(exposed.map(({ file }) => file)).size;
  const shown = open.slice(0, most);
  const left = open.length - shown.length;
  return [
    `${name} could read, over all branches of this clone, ${counted(exposed.length, 'value')} in ${counted(files, 'file')}; ${open.length} may still be what ${name} knows:`,
    ...shown.map(
      (one) =>
        `  ${one.file}  ${placeOf(one)}  ${one.state}  readable since ${one.readableSince.slice(0, 10)}${ownerOf(one)}`,
    ),
    ...(left > 0 ? [`  and ${left} more: sotto remove ${name} --list`] : []),
    ...(isShallow ? ['the history of this clone is cut off: there may be more'] : []),
    ...(open.length > 0 ? [`Only new values, made at their sources, shut ${name} out.`] : []),
  ]
    .map((line) => `${oneLine(line)}\n`)
    .join('');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Where it stands, for people. */
export function placeOf({ path, document, isComment }: Exposed): string {
  const where = path.length === 0 ? '' : shortPath(path);
  const what = isComment ? ['a comment', ...(where === '' ? [] : ['in', where])].join(' ') : where;
  return document === 0 ? what : `doc ${document + 1}: ${what}`;
}

function ownerOf(item: WorkItem): string {
  const owner = ownerText(item);
  return owner === undefined ? '' : `  owner ${owner}`;
}

/** The same for `--json`; no value is in it. */
export function workListReport(exposed: readonly WorkItem[]): object[] {
  return exposed.map(({ path, isComment, ...one }) => ({
    ...one,
    kind: isComment ? 'comment' : 'value',
    path: printPath(path),
  }));
}
