import { type Change, diff } from './sequence-diff.ts';
import { linesOf } from './three-way.ts';

/** How a conflict is marked. */
export interface Marking {
  /** How many characters a marker has; git's `conflictMarkerSize`. */
  readonly size: number;
  /** What stands behind the markers of either side. */
  readonly ours: string;
  readonly theirs: string;
}

/** Two complete texts as one, with markers around what differs: all upper halves are the one, all lower halves the other. */
export function withMarkers(ours: string, theirs: string, marking: Marking): string {
  return marked(endedLines(ours), endedLines(theirs), marking, () => []);
}

/** {@link withMarkers} with what stood there before in the middle, as git's merge.conflictStyle diff3 has it. */
export function withBase(base: string, ours: string, theirs: string, marking: Marking): string {
  const [was, mine] = [endedLines(base), endedLines(ours)];
  const before = diff(mine, was);
  return marked(mine, endedLines(theirs), marking, ({ start, end }) => [
    markerOf('|', 'base', marking),
    ...was.slice(placeIn(before, start, 'start'), placeIn(before, end, 'end')),
  ]);
}

/** @param between what stands between the halves of a change */
function marked(
  mine: readonly string[],
  other: readonly string[],
  marking: Marking,
  between: (change: Change) => readonly string[],
): string {
  const parts: string[] = [];
  let at = 0;
  for (const change of joined(diff(mine, other), mine)) {
    const { start, end, otherStart, otherEnd } = change;
    parts.push(
      ...mine.slice(at, start),
      markerOf('<', marking.ours, marking),
      ...mine.slice(start, end),
      ...between(change),
      markerOf('=', '', marking),
      ...other.slice(otherStart, otherEnd),
      markerOf('>', marking.theirs, marking),
    );
    at = end;
  }
  return [...parts, ...mine.slice(at)].join('');
}

function markerOf(sign: string, label: string, { size }: Marking): string {
  return `${sign.repeat(size)}${label === '' ? '' : ` ${label}`}\n`;
}

/** Where a place between lines is in another text; with all that changed there. */
function placeIn(changes: readonly Change[], place: number, side: 'start' | 'end'): number {
  let ahead = 0;
  for (const { start, end, otherStart, otherEnd } of changes) {
    const isBehind = side === 'start' ? end < place || (end === place && start < end) : end < place;
    if (isBehind) ahead = otherEnd - end;
    else if (start <= place && side === 'start') return otherStart;
    else if (start <= place && side === 'end' && end >= place)
      return end === place || start < place ? otherEnd : place + ahead;
    else break;
  }
  return place + ahead;
}

/** Changes between which only blank lines or brackets stand are one: nobody could choose between them. */
function joined(changes: readonly Change[], lines: readonly string[]): Change[] {
  const all: Change[] = [];
  for (const change of changes) {
    const last = all.at(-1);
    const between = last === undefined ? undefined : lines.slice(last.end, change.start);
    if (last !== undefined && between?.every((line) => !/[^\s[\]{},]/.test(line)) === true)
      all.splice(-1, 1, { ...last, end: change.end, otherEnd: change.otherEnd });
    else all.push(change);
  }
  return all;
}

/** What a text with markers is made of. */
export interface Halves {
  readonly ours: string;
  readonly theirs: string;
  /** What stands behind the first markers of either side. */
  readonly labels: { readonly ours: string; readonly theirs: string };
}

/**
 * The two texts of one with markers, also where git wrote a base in between.
 *
 * @returns `undefined` if there are no markers, or they don't fit together
 */
export function halvesOf(text: string): Halves | undefined {
  const sides = { ours: [] as string[], theirs: [] as string[] };
  const labels = { ours: '', theirs: '' };
  let size = 0;
  let place: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  for (const line of linesOf(text)) {
    const marker = /^(<{7,}|\|{7,}|={7,}|>{7,})(?: ([^\r\n]*))?\r?\n?$/.exec(line);
    const [, signs = '', label = ''] = marker ?? [];
    const sign = signs[0];
    if (place === 'both' && sign === '<' && (size === 0 || signs.length === size)) {
      if (size === 0) labels.ours = label;
      size = signs.length;
      place = 'ours';
    } else if (place === 'ours' && sign === '|' && signs.length === size) place = 'base';
    else if ((place === 'ours' || place === 'base') && sign === '=' && signs.length === size)
      place = 'theirs';
    else if (place === 'theirs' && sign === '>' && signs.length === size) {
      labels.theirs ||= label;
      place = 'both';
    } else if (place === 'both') {
      sides.ours.push(line);
      sides.theirs.push(line);
    } else if (place !== 'base') sides[place].push(line);
  }
  if (size === 0 || place !== 'both') return undefined;
  return { ours: sides.ours.join(''), theirs: sides.theirs.join(''), labels };
}

function endedLines(text: string): string[] {
  return linesOf(text === '' || text.endsWith('\n') ? text : `${text}\n`);
}
