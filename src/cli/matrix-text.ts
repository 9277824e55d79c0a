import type { Matrix, ValueChange } from '../commands/matrix.ts';
import { shortPath } from '../core/tree/path.ts';
import type { Cell } from '../operations/compare/matrix.ts';
import { oneLine } from '../text/printable.ts';
import { aligned } from './table.ts';

type Row = Matrix['rows'][number];

/** The marks of cells, and what they mean. */
const LEGEND: readonly (readonly [mark: string, meaning: string, holds: (cell: Cell) => boolean])[] = [
  ['!', 'the same secret as in another environment', ({ isSame }) => isSame],
  ['-', 'missing', ({ state }) => state === 'missing'],
  ['∅', 'empty', ({ state }) => state === 'empty'],
  ['?', 'encrypted, and no key here opens it', (cell) => cell.state === 'set' && cell.class === undefined],
];

/** A matrix for people. @param year dates of which are shortened */
export function matrixText({ environments, rows }: Matrix, year: number): string {
  const table = [
    ['', ...environments.map(({ name }) => oneLine(name))],
    ...rows.map((row) => [nameOf(row), ...row.cells.map((_, index) => cellText(row, index, year))]),
  ];
  const lines = aligned(table);
  const cells = rows.flatMap((row) => row.cells);
  const used = LEGEND.filter(([, , holds]) => cells.some(holds)).map(
    ([mark, meaning]) => `${mark} ${meaning}`,
  );
  return [...lines, ...(used.length === 0 ? [] : ['', used.join('   ')])].map((line) => `${line}\n`).join('');
}

/** Where a row stands. */
export function nameOf({ document, path }: Pick<Row, 'document' | 'path'>): string {
  return `${document === 0 ? '' : `doc ${document + 1}: `}${shortPath(path)}`;
}

/** `A 02-11 !`; the newest change of a row is told with its author. */
function cellText({ cells, changes }: Row, index: number, year: number): string {
  const cell = cells[index];
  const change = changes[index];
  if (cell === undefined || cell.state === 'missing') return '-';
  const newest = changes.reduce<ValueChange | undefined>(
    (last, one) =>
      one !== undefined && (last === undefined || Date.parse(one.date) > Date.parse(last.date)) ? one : last,
    undefined,
  );
  const others = new Set(changes.flatMap((one) => one?.commit ?? []));
  return [
    markOf(cell),
    ...(change === undefined ? [] : [shortDate(change.date, year)]),
    ...(change !== undefined && change === newest && others.size > 1 ? [oneLine(change.author)] : []),
    ...(cell.isSame ? ['!'] : []),
  ].join(' ');
}

function markOf({ state, class: letter = '?' }: Cell): string {
  if (state === 'empty') return '∅';
  return state === 'clear' ? `${letter} clear` : letter;
}

/** The day; without the year if it is this one. */
export function shortDate(date: string, year: number): string {
  return date.startsWith(`${year}-`) ? date.slice(5, 10) : date.slice(0, 10);
}
