import type { Matrix, ValueChange } from '../commands/matrix.ts';
import type { Cell } from '../operations/compare/matrix.ts';
import { nameOf } from './matrix-text.ts';
import { escaped, printPage, SEARCH_SCRIPT } from './page.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #d0d7de; --soft: #f3f4f6; --same: #9a3412; --gone: #b91c1c; --mark: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #22272e; --same: #fdba74; --gone: #fca5a5; --mark: #93c5fd; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h1 { font-size: 1.25rem; }
.bar { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; margin: 1rem 0; }
input[type=search] { font: inherit; padding: .3rem .5rem; min-width: 14rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { position: sticky; top: 0; background: Canvas; }
tbody th { font: 14px ui-monospace, monospace; font-weight: normal; }
tbody tr:hover { background: var(--soft); }
td:focus { outline: 2px solid var(--mark); outline-offset: -2px; }
small { opacity: .75; }
.same { color: var(--same); font-weight: 600; }
.missing { color: var(--gone); font-weight: 600; }
[hidden] { display: none; }
`;

/** Rows are hidden and cells walked through; nothing is made of text here. */
const SCRIPT = `
'use strict';
const rows = [...document.querySelectorAll('tbody tr')];
const search = document.getElementById('search');
const only = document.getElementById('only');
const count = document.getElementById('count');
function filter() {
  const wanted = search.value.toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const fits = row.cells[0].textContent.toLowerCase().includes(wanted) && (!only.checked || row.dataset.odd === 'yes');
    row.hidden = !fits;
    if (fits) shown += 1;
  }
  count.textContent = shown + ' of ' + rows.length + ' values';
}
${SEARCH_SCRIPT}only.addEventListener('change', filter);
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
document.addEventListener('keydown', (event) => {
  const cell = document.activeElement.closest('td');
  const step = STEPS[event.key];
  if (cell === null || step === undefined) return;
  const shown = rows.filter((row) => !row.hidden);
  const row = shown[shown.indexOf(cell.parentElement) + step[0]];
  const next = row && row.cells[cell.cellIndex + step[1]];
  if (!next || next.tagName !== 'TD') return;
  event.preventDefault();
  cell.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
filter();
`;

/** A matrix as a page of its own: it loads nothing, asks nobody, and has no value in it. */
export function matrixPage(matrix: Matrix): string {
  const { environments, rows } = matrix;
  const heads = environments.map(
    ({ name, file }) => `<th scope="col">${escaped(name)}<br><small>${escaped(file)}</small></th>`,
  );
  return printPage({
    title: 'Values by environment',
    style: STYLE,
    script: SCRIPT,
    body: `<h1>Values by environment</h1>
<p>In a row, cells with the same letter have the same value. No value is on this page.</p>
<div class="bar">
<label>Path <input id="search" type="search" placeholder="press / to search"></label>
<label><input id="only" type="checkbox"> only what is missing or the same</label>
<span id="count" role="status"></span>
</div>
<div class="scroll">
<table>
<thead><tr><th scope="col">Path</th>${heads.join('')}</tr></thead>
<tbody>
${rows.map((row, index) => rowHtml(row, index === 0)).join('\n')}
</tbody>
</table>
</div>`,
  });
}

function rowHtml(row: Matrix['rows'][number], isFirst: boolean): string {
  const isOdd = row.cells.some(({ state, isSame }) => state === 'missing' || isSame);
  const cells = row.cells.map((cell, index) => cellHtml(cell, row.changes[index], isFirst && index === 0));
  return `<tr data-odd="${isOdd ? 'yes' : 'no'}"><th scope="row">${escaped(nameOf(row))}</th>${cells.join('')}</tr>`;
}

function cellHtml(cell: Cell, change: ValueChange | undefined, isFirst: boolean): string {
  const kind = cell.isSame ? 'same' : cell.state;
  const when =
    change === undefined
      ? ''
      : ` <small title="${escaped(change.commit)}">${escaped(change.date.slice(0, 10))} ${escaped(change.author)}</small>`;
  return `<td class="${kind}" tabindex="${isFirst ? 0 : -1}">${textOf(cell)}${when}</td>`;
}

function textOf({ state, class: letter, isSame }: Cell): string {
  if (state === 'missing' || state === 'empty') return state;
  const said = [...(state === 'clear' ? ['in clear'] : []), ...(isSame ? ['same secret'] : [])];
  return `${letter ?? 'set'}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
}
