/** How far columns of tables that are looked at stand apart. */
const GAP = '   ';

/** Rows as lines, with the cells of each column below each other. */
export function aligned(rows: readonly (readonly string[])[], gap: string = GAP): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}
