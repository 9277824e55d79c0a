import type { WorkList } from '../commands/people/work-list.ts';
import { printPath, shortPath } from '../core/tree/path.ts';
import type { Exposed } from '../operations/exposed.ts';
import { oneLine } from '../text/printable.ts';

/** Values that somebody may still know. */
function isOpen({ state }: Exposed): boolean {
  return state !== 'changed' && state !== 'gone';
}

/** What is left to be changed at its source. @param most as many lines; all if left out */
export function workListText(name: string, { exposed, isShallow }: WorkList, most?: number): string {
  const open = exposed.filter(isOpen);
  const files = new Set(exposed.map(({ file }) => file)).size;
  const shown = open.slice(0, most);
  const left = open.length - shown.length;
  return [
    `${name} could read, over all branches of this clone, ${exposed.length} values in ${files} files; ${open.length} may still be what ${name} knows:`,
    ...shown.map(
      ({ file, path, state, readableSince }) =>
        `  ${file}  ${shortPath(path)}  ${state}  readable since ${readableSince.slice(0, 10)}`,
    ),
    ...(left > 0 ? [`  and ${left} more: sotto remove ${name} --list`] : []),
    ...(isShallow ? ['the history of this clone is cut off: there may be more'] : []),
    ...(open.length > 0 ? [`Only new values, made at their sources, shut ${name} out.`] : []),
  ]
    .map((line) => `${oneLine(line)}\n`)
    .join('');
}

/** The same for `--json`; no value is in it. */
export function workListReport(exposed: readonly Exposed[]): object[] {
  return exposed.map(({ path, ...one }) => ({ ...one, path: printPath(path) }));
}
