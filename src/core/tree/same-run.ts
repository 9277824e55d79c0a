import { type Rows, type Run, VALUE } from './rows.ts';
import { sameValue } from './value.ts';

/** Whether two runs say the same in the same order; comments are not looked at. Nothing is made of what is in them. */
export function sameRun({ rows, row: run }: Run, { rows: others, row: otherRun }: Run): boolean {
  /** Where the mappings and lists end that are open. */
  const ends: number[] = [];
  const otherEnds: number[] = [];
  let row = run;
  let other = otherRun;
  for (;;) {
    ends.push(rows.behind[row] ?? 0);
    otherEnds.push(others.behind[other] ?? 0);
    row = behindComments(rows, row + 1);
    other = behindComments(others, other + 1);
    while (ends.length > 0 && row >= (ends.at(-1) ?? 0)) {
      if (other < (otherEnds.at(-1) ?? 0)) return false;
      ends.pop();
      otherEnds.pop();
    }
    if (ends.length === 0) return true;
    if (other >= (otherEnds.at(-1) ?? 0)) return false;
    if (rows.kind[row] !== others.kind[other] || !rows.hasSameStep(row, others, other)) return false;
    if (rows.kind[row] === VALUE && !sameValue(rows.value(row), others.value(other))) return false;
  }
}

function behindComments(rows: Rows, from: number): number {
  let row = from;
  while (row < rows.length && rows.isComment(row)) row += 1;
  return row;
}
