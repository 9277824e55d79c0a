import { AREAS, FINDING_IDS, FINDINGS, type FindingId } from '../../operations/check/findings.ts';

/** The text of docs/check.md. */
export function checkPage(): string {
  return `${[
    '# What `sotto check` finds',
    `\`sotto check\` looks for secrets in clear, and for what is wrong with encrypted files, their rules and their history. It needs no key, so a pipeline and everybody with a clone can run it; MACs are checked, too, where an age key is at hand (\`--no-keys\` leaves that out). It never prints a value. How it is used is in [git.md](git.md#checking). This page is made by \`npm run docs\`.`,
    'Each finding is an **error**, which is to be mended before it is committed, a **warning**, or a **note**, which is only to be known. The exit status is 1 when there is a finding at or above `--fail-on` (`error` unless given), 0 if there is none, and 2 if it could not check.',
    PASSING_OVER,
    table(),
    ...Object.entries(AREAS).flatMap(([area, title]) => [
      `## ${title}`,
      ...FINDING_IDS.filter((id) => FINDINGS[id].area === area).map(section),
    ]),
  ].join('\n\n')}\n`;
}

const PASSING_OVER = `What is none, or is known, is passed over in one of two ways. \`sotto.check.ignore\` in .sops.yaml names a finding with a reason, and if wanted until when:

\`\`\`yaml
sotto:
  check:
    ignore:
      - rule: private-key
        file: test/fixtures/** # a name, or a pattern with * and **
        reason: keys made for the tests
        until: 2027-01-31
\`\`\`

\`sotto check --update-baseline\` writes all that there is now into .sotto/baseline.json, so that only what is new counts: rule, file and path of each finding, and nothing of any value. A private key that is about to be committed or pushed is stopped even if the baseline has it.`;

function table(): string {
  const head = ['finding', 'level', 'what it is'];
  const rows = FINDING_IDS.map((id) => [`[${id}](#${id})`, FINDINGS[id].level, escaped(FINDINGS[id].title)]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const print = (row: readonly string[], fill = ' '): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  return [print(head), print(['', '', ''], '-'), ...rows.map((row) => print(row))].join('\n');
}

function section(id: FindingId): string {
  const { level, title, cause, fix, needsKey } = FINDINGS[id];
  const heading = `${title.charAt(0).toUpperCase()}${title.slice(1)}.`;
  const word = level.charAt(0).toUpperCase() + level.slice(1);
  return [
    `### ${id}`,
    `${word}${needsKey === true ? '; takes a key' : ''}. ${escaped(heading)}`,
    `**Cause.** ${escaped(cause)}`,
    `**Fix.** ${escaped(fix)}`,
  ].join('\n\n');
}

/** What Markdown would take for its own. */
function escaped(text: string): string {
  return text.replace(/[*_<>[\]\\](?=(?:[^`]*`[^`]*`)*[^`]*$)/g, '\\$&');
}
