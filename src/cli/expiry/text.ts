import type { SecretAge } from '../../commands/lifecycle/ages.ts';
import type { Expiry } from '../../commands/lifecycle/expiry.ts';
import type { Explained } from '../../commands/lifecycle/explain.ts';
import { ageText, dayOf, isCutOff } from '../../commands/lifecycle/findings.ts';
import { shortPath } from '../../core/tree/path.ts';
import { STATES } from '../../operations/lifecycle/standing.ts';
import { oneLine } from '../../text/printable.ts';
import type { Locate } from '../check/text.ts';
import { untrackedText } from '../check/untracked.ts';
import { aligned } from '../table.ts';

const HEAD = ['state', 'due', 'changed', 'evidence', 'owner', 'value'];

/** The ages of values, for people: those whose time is up, or nearly; all if wanted. */
export function expiryTable({ ages }: Pick<Expiry, 'ages'>, locate: Locate): string {
  const rows = ages.map((one) => rowOf(one, locate));
  return rows.length === 0
    ? ''
    : aligned([HEAD, ...rows], '  ')
        .map((line) => `${line}\n`)
        .join('');
}

function rowOf({ file, path, terms, age, standing }: SecretAge, locate: Locate): string[] {
  const due = standing.due === undefined ? '-' : dayOf(new Date(standing.due).toISOString());
  const name = `${locate(file)}#${shortPath(path)}`;
  return [
    standing.state,
    due,
    dayOf(age.since ?? age.unchangedSince),
    age.evidence,
    oneLine(terms.owner?.value ?? '-'),
    oneLine(name),
  ];
}

/** What came of it, in one line. @param isWhole it was asked for what is in time, too */
export function expirySummary({ ages, result }: Expiry, isWhole: boolean): string {
  const counts = STATES.flatMap((state) => {
    const count = ages.filter(({ standing }) => standing.state === state).length;
    return count === 0 || (state === 'fine' && !isWhole) ? [] : [`${count} ${WORDS[state]}`];
  });
  const files = `${result.files} ${result.files === 1 ? 'file' : 'files'}`;
  const said = counts.length === 0 ? 'no value is to be renewed' : counts.join(', ');
  return `${said}; ${files}${untrackedText(result.untracked)}`;
}

/** How the history gets whole that would tell how old values are. */
export function cutOffNotes({ ages }: Pick<Expiry, 'ages'>): string[] {
  return ages.some(isCutOff)
    ? ['the history of this clone is cut off: git fetch --unshallow (in a pipeline: fetch-depth: 0)']
    : [];
}

const WORDS: { readonly [state in (typeof STATES)[number]]: string } = {
  expired: 'expired',
  'age-unknown': 'of unknown age',
  unproven: 'unproven',
  'expires-soon': 'nearly expired',
  fine: 'in time',
};

/** Which entry wins for a value, setting by setting. */
export function explainText({ file, path, settings, age, now }: Explained, locate: Locate): string {
  const rows = settings.map(({ name, setting: { value, place, entry } }) => [
    name,
    oneLine(value),
    `entry ${entry}, ${oneLine(place.file)}:${place.line}`,
  ]);
  return [
    oneLine(`${locate(file)}#${shortPath(path)}`),
    ...(rows.length === 0 ? ['  nothing is asked of it'] : []),
    ...aligned(rows, '  ').map((line) => `  ${line}`),
    ...(age === undefined ? [] : [`  ${sentence(age, now)}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function sentence(one: SecretAge, now: number): string {
  const { age } = one;
  const known = `changed ${dayOf(age.since ?? age.unchangedSince)} (${age.evidence})`;
  const text = ageText(one, now);
  return text === '' ? known : `${known}; ${text}`;
}
