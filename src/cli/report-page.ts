import type { EventExposure } from '../commands/exposure/exposure.ts';
import { isLeft } from '../commands/exposure/exposure.ts';
import type { SecretAge } from '../commands/lifecycle/ages.ts';
import { ageText, dayOf, isAboutPolicy } from '../commands/lifecycle/findings.ts';
import type { FileReader } from '../commands/people/readership.ts';
import { ownerText } from '../commands/people/work-list.ts';
import type { Report } from '../commands/report/report.ts';
import { shortPath } from '../core/tree/path.ts';
import { escaped, printPage, SEARCH_SCRIPT } from './page.ts';
import { placeOf } from './work-list-text.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #d0d7de; --soft: #f3f4f6; --bad: #b91c1c; --warn: #9a3412; --good: #166534; --link: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #22272e; --bad: #fca5a5; --warn: #fdba74; --good: #86efac; --link: #93c5fd; } }
body { background: Canvas; color: CanvasText; font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; margin-top: 2.5rem; }
nav ul { padding: 0; list-style: none; }
nav li { margin: .2rem 0; }
a, a:visited { color: var(--link); }
.search { margin: 1rem 0; }
.search input { font: inherit; padding: .3rem .5rem; min-width: 18rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, a:focus-visible { outline: 2px solid Highlight; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line); }
tbody th { font: 14px ui-monospace, monospace; overflow-wrap: anywhere; }
.bad { color: var(--bad); font-weight: 600; }
.warn { color: var(--warn); font-weight: 600; }
.good { color: var(--good); }
[hidden] { display: none; }
@media print { .search { display: none; } body { margin: 0; max-width: none; } h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;

/** Rows are hidden; nothing is made of text here. */
const SCRIPT = `
'use strict';
const box = document.querySelector('.search');
const search = box.querySelector('input');
const said = box.querySelector('output');
const rows = [...document.querySelectorAll('tbody tr')].map((row) => [row, row.textContent.toLowerCase()]);
function filter() {
  const wanted = search.value.toLowerCase();
  let shown = 0;
  for (const [row, text] of rows) {
    const fits = text.includes(wanted);
    if (row.hidden === fits) row.hidden = !fits;
    if (fits) shown += 1;
  }
  said.textContent = wanted === '' ? '' : shown + ' of ' + rows.length + ' rows';
}
box.hidden = false;
${SEARCH_SCRIPT}`;

/** A question that the page answers. */
interface Section {
  readonly id: string;
  readonly title: string;
  /** The answer in a line. */
  readonly answer: string;
  readonly isFine: boolean;
  readonly tables: readonly string[];
}

/** A report as a page. @param made when, for people */
export function reportPage(report: Report, made: string): string {
  const sections = [overdue(report), exposed(report), wrong(report), missing(report), readers(report)];
  const title = `Secrets of ${report.name}`;
  return printPage({
    title,
    style: STYLE,
    script: SCRIPT,
    body: `<main>
<h1>${escaped(title)}</h1>
<p>Made on ${escaped(made)}, without a key. No value is on this page.</p>
<nav aria-label="Answers">
<ul>
${sections.map(({ id, title: name, answer, isFine }) => `<li><a href="#${id}">${escaped(name)}</a>: <span class="${isFine ? 'good' : 'bad'}">${escaped(answer)}</span></li>`).join('\n')}
</ul>
</nav>
<p class="search" hidden><label>Search in all tables <input type="search" placeholder="press / to search"></label> <output></output></p>
${sections.map(({ id, title: name, answer, tables }) => `<section aria-labelledby="${id}">\n<h2 id="${id}">${escaped(name)}</h2>\n<p>${escaped(answer)}</p>\n${tables.join('\n')}\n</section>`).join('\n')}
</main>`,
  });
}

function overdue({ expiry: { ages, result, now } }: Report): Section {
  const late = ages.filter(({ standing }) => standing.state !== 'fine');
  const others = result.findings.filter(isAboutPolicy);
  const count = (state: string): number => ages.filter(({ standing }) => standing.state === state).length;
  const answer =
    late.length + others.length === 0
      ? `nothing; ${ages.length} values have a date`
      : `${count('expired')} expired, ${count('age-unknown')} of unknown age, ${count('unproven')} unproven, ${count('expires-soon')} soon${others.length === 0 ? '' : `; ${others.length} more to be seen to`}`;
  return {
    id: 'overdue',
    title: 'What is overdue, and whose is it?',
    answer,
    isFine: late.length + others.length === 0,
    tables: [
      table(
        'Values',
        ['Value', 'Owner', 'State', 'Due', 'Why'],
        late.map((one) => ageRow(one, now)),
      ),
      table(
        'Besides',
        ['Where', 'What'],
        others.map(({ file, message }) => [cell(file), cell(message)]),
      ),
    ],
  };
}

function ageRow(one: SecretAge, now: number): string[] {
  const { file, path, terms, standing } = one;
  const { due } = standing;
  return [
    cell(`${file}#${shortPath(path)}`),
    cell(terms.owner?.value ?? ''),
    `<span class="${standing.state === 'expires-soon' ? 'warn' : 'bad'}">${escaped(standing.state)}</span>`,
    cell(due === undefined ? '' : dayOf(new Date(due).toISOString())),
    cell(ageText(one, now)),
  ];
}

function exposed({ exposures: found }: Report): Section {
  const events = found?.exposures ?? [];
  const open = events.flatMap((one) => one.items.filter(isLeft));
  return {
    id: 'exposed',
    title: 'What is open since somebody left, or since a leak?',
    answer:
      events.length === 0
        ? 'no event is written down in .sotto/exposure.yaml'
        : `${open.length} values in ${events.length} events${found?.isShallow === true ? '; the history of this clone is cut off: there may be more' : ''}`,
    isFine: open.length === 0 && found?.isShallow !== true,
    tables: events.map(eventTable),
  };
}

function eventTable({ event, items }: EventExposure): string {
  const when = event.at === undefined ? '' : ` ${event.at.slice(0, 10)}`;
  const what = event.kind === 'leak' ? `${event.id} leaked${when}` : `${event.id} left${when}`;
  const rows = items
    .filter(isLeft)
    .map((one) => [
      cell(`${one.file} ${placeOf(one)}`),
      cell(ownerText(one) ?? ''),
      `<span class="${one.state === 'unproven' ? 'warn' : 'bad'}">${escaped(one.state)}</span>`,
      cell(one.readableSince.slice(0, 10)),
    ]);
  return table(
    `${what}${event.why === undefined ? '' : ` (${event.why})`}`,
    ['Value', 'Owner', 'State', 'Could be read since'],
    rows,
  );
}

function wrong({ findings }: Report): Section {
  const bad = findings.filter(({ level }) => level !== 'note');
  return {
    id: 'wrong',
    title: 'What is not as its rule says?',
    answer: bad.length === 0 ? 'nothing' : `${bad.length} findings of sotto check`,
    isFine: bad.length === 0,
    tables: [
      table(
        'Findings',
        ['Where', 'What', 'Level', 'Kind'],
        findings.map(({ file, region, path, message, level, rule }) => [
          cell(
            `${file}${region === undefined ? '' : `:${region.line}`}${path === undefined ? '' : ` ${path}`}`,
          ),
          cell(message),
          `<span class="${level === 'error' ? 'bad' : level === 'warning' ? 'warn' : ''}">${level}</span>`,
          cell(rule),
        ]),
      ),
    ],
  };
}

function missing({ families }: Report): Section {
  const count = families.reduce((sum, one) => sum + one.missing.length, 0);
  return {
    id: 'missing',
    title: 'What is missing between environments?',
    answer:
      families.length === 0
        ? 'no files are told to be of several environments by their names'
        : count === 0
          ? `nothing, in ${families.length} groups of files`
          : `${count} values`,
    isFine: count === 0,
    tables: families
      .filter((one) => one.missing.length > 0)
      .map(({ files, missing: rows }) =>
        table(
          files.join(', '),
          ['Value', 'Missing in', 'There in'],
          rows.map(({ path, document, has, lacks }) => [
            cell(document === 0 ? shortPath(path) : `doc ${document + 1}: ${shortPath(path)}`),
            `<span class="bad">${escaped(lacks.join(', '))}</span>`,
            cell(has.join(', ')),
          ]),
        ),
      ),
  };
}

function readers({ readers: files }: Report): Section {
  const people = new Map<string, number>();
  for (const { readers: all } of files)
    for (const one of all) people.set(labelOf(one), (people.get(labelOf(one)) ?? 0) + 1);
  const unexpected = files.filter(({ readers: all }) =>
    all.some(({ expected }) => expected === false),
  ).length;
  return {
    id: 'readers',
    title: 'Who can read what?',
    answer: `${people.size} readers of ${files.length} files${unexpected === 0 ? '' : `; ${unexpected} files have readers whom no rule names`}`,
    isFine: unexpected === 0,
    tables: [
      table(
        'By reader',
        ['Reader', 'Files'],
        [...people]
          .sort(([, one], [, other]) => other - one)
          .map(([name, count]) => [cell(name), `${count}`]),
      ),
      table(
        'By file',
        ['File', 'Readers', 'Not in the rule', 'Can not read it yet', 'Rule'],
        files.map(({ file, readers: all, missing: lacking, rule, groups }) => [
          cell(file),
          cell(
            `${all.map(labelOf).join(', ')}${groups === undefined ? '' : `; ${groups.needed} of ${groups.members.length} groups are needed`}`,
          ),
          `<span class="bad">${escaped(
            all
              .filter(({ expected }) => expected === false)
              .map(labelOf)
              .join(', '),
          )}</span>`,
          cell(lacking.map(({ name, label }) => name ?? label).join(', ')),
          cell(rule === undefined ? 'none' : `${rule}`),
        ]),
      ),
    ],
  };
}

function labelOf({ name, label }: Pick<FileReader, 'name' | 'label'>): string {
  return name ?? label;
}

function cell(text: string): string {
  return escaped(text);
}

/** A table; nothing where it has no rows. The first cell of a row is its head. Cells are HTML. */
function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = heads.map((one) => `<th scope="col">${escaped(one)}</th>`).join('');
  const body = rows.map(
    ([first = '', ...others]) =>
      `<tr><th scope="row">${first}</th>${others.map((one) => `<td>${one}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}">
<table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>`;
}
