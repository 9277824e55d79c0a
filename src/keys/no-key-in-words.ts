import type { ErrorDetails } from '../errors.ts';
import { commandWord } from '../text/command-word.ts';
import { listed } from '../text/listed.ts';
import type { FailedEntry, GroupResult } from './group-result.ts';
import type { RecipientName } from './index.ts';
import type { KeySource } from './kind.ts';
import { commonProblem, KMS_PROBLEMS, type KmsCode } from './kms-failure.ts';
import type { Names } from './names.ts';

/** As many as somebody reads. */
const MOST = 10;
/** Columns of what stands in front of lines. */
const LABEL = 14;

/** Where identities were looked for, and what to do to have one. */
export interface Search {
  readonly sources: readonly KeySource[];
  /** What to do, a phrase for each kind of key. */
  readonly advice: readonly string[];
  /** How to come by a key of one's own, a phrase for each kind that has one. */
  readonly beginnings: readonly string[];
  /** Reasons that only say that no key fits, with sops's own words for each. */
  readonly inSops: ReadonlyMap<string, string>;
}

/** Why a file does not open, in the words of those who want to read it: who could, what is here, what to do. */
export function inOurWords(
  results: readonly GroupResult[],
  needed: number,
  search: Search,
  names: Names,
): { readonly message: string } & Pick<ErrorDetails, 'lines' | 'hint' | 'facts'> {
  const failed = results.flatMap(({ part, failed: entries }) => (part === undefined ? entries : []));
  const held = search.sources.filter(({ holds }) => holds.length > 0);
  const problem = commonProblem(results);
  const fixes = fixesOf(results, search, names, needed);
  return {
    message: problem === undefined ? messageOf(results, needed, held.length > 0) : KMS_PROBLEMS[problem],
    lines: [
      ...(results.length === 1
        ? labelled('needs one of:', [namesOf(failed, names)])
        : groupLines(results, names)),
      ...failed.flatMap((entry) =>
        reasonsOf(entry, search, problem).map((reason) => `${names.describe(entry)}: ${reason}`),
      ),
      ...labelled(
        'you have:',
        held.map((source) => `${heldBy(source, names)}  (${source.name})`),
      ),
      ...labelled(
        'looked in:',
        search.sources.flatMap((source) => emptiness(source, held.length === 0)),
      ),
    ],
    hint: fixes.join('; or '),
    facts: {
      recipients: results.flatMap(({ part, opener, failed: entries }, index) => [
        ...(opener === undefined
          ? []
          : [{ ...factOf(opener, names), group: index + 1, opened: true, reasons: [] }]),
        ...entries.map((entry) => ({
          ...factOf(entry, names),
          group: index + 1,
          opened: false,
          reasons: part === undefined ? entry.reasons : [],
          ...(entry.failures.length === 0 ? {} : { codes: entry.failures.map(({ code }) => code) }),
        })),
      ]),
      sources: search.sources.map(({ name, holds, problem }) => ({ name, holds, problem: problem ?? null })),
      fixes,
    },
  };
}

function messageOf(results: readonly GroupResult[], needed: number, hasKeys: boolean): string {
  const [only, ...others] = results;
  const isBroken = results.some(
    ({ part, failed }) => part === undefined && failed.some(({ hasKey }) => hasKey),
  );
  if (only === undefined || others.length > 0) {
    const opened = results.filter(({ part }) => part !== undefined).length;
    return `it takes keys of ${needed} of its ${results.length} key groups, and you have those of ${opened}`;
  }
  if (isBroken) return 'a key for it is here, or may be, but using it failed';
  const count = only.failed.length;
  if (!hasKeys)
    return `no key of yours was found, and ${count === 1 ? 'its one recipient' : `one of its ${count} recipients`} has to open it`;
  return `none of your keys is ${count === 1 ? 'that of its one recipient' : `among its ${count} recipients`}`;
}

/** Groups are counted from 1. */
function groupLines(results: readonly GroupResult[], names: Names): string[] {
  return results.map(({ opener, failed }, index) =>
    opener === undefined
      ? `group ${index + 1} needs one of: ${namesOf(failed, names)}`
      : `group ${index + 1} opened with ${names.describe(opener)}`,
  );
}

function namesOf(recipients: readonly RecipientName[], names: Names): string {
  return listed(
    recipients.map((one) => names.describe(one)),
    MOST,
  );
}

/** Why an entry did not open, but for that no key fits; what to do is said elsewhere, if it is the same for all. */
function reasonsOf(
  { reasons, failures }: FailedEntry,
  { inSops }: Search,
  problem: KmsCode | undefined,
): string[] {
  if (problem !== undefined && failures.length > 0) return failures.map(({ reason }) => reason);
  return reasons.filter((reason) => !inSops.has(reason));
}

function heldBy({ holds }: KeySource, names: Names): string {
  return holds.map((id) => names.describe({ kind: 'age', id })).join(', ');
}

/** A source without keys, where that is not as it should be, or there are none at all. */
function emptiness({ name, holds, problem }: KeySource, hasNone: boolean): string[] {
  if (problem !== undefined) return [`${name}: ${problem}`];
  return holds.length === 0 && hasNone ? [`${name}: not there`] : [];
}

function labelled(label: string, texts: readonly string[]): string[] {
  return texts.map((text, index) => `${(index === 0 ? label : '').padEnd(LABEL)}${text}`);
}

function factOf({ kind, id }: RecipientName, names: Names): object {
  return { name: names.nameOf({ kind, id }) ?? null, kind, id };
}

function fixesOf(
  results: readonly GroupResult[],
  { sources, advice, beginnings }: Search,
  names: Names,
  needed: number,
): string[] {
  const failed = results.flatMap((result) => (result.part === undefined ? result.failed : []));
  const locked = sources.filter(({ problem }) => problem === 'permission denied');
  const unreadable = locked.map(
    ({ name, file = name }) => `make it readable for you: chmod u+r ${pathWord(file)}`,
  );
  if (unreadable.length > 0) return unreadable;
  if (results.length > 1) {
    const opened = results.filter(({ part }) => part !== undefined).length;
    const closed = results.flatMap(({ part }, index) => (part === undefined ? [index + 1] : []));
    const groups = closed.length === 1 ? `group ${closed[0]}` : `groups ${closed.join(', ')}`;
    return [`have a key of ${needed - opened} more of ${groups} on this machine: ${advice.join(', or ')}`];
  }
  const elsewhere = advice.length === 0 ? [] : [`${advice.join(', or ')}`];
  const advices = failed.flatMap(({ failures }) => failures.flatMap(({ advice }) => advice ?? []));
  if (commonProblem(results) !== undefined && advices.length > 0) return [...new Set(advices)];
  if (failed.some(({ hasKey }) => hasKey)) return ['mend what is said above', ...elsewhere];
  const [someone] = failed.flatMap((entry) => names.nameOf(entry) ?? []);
  const whom = someone ?? 'somebody who can open it';
  const own = sources.find(({ holds }) => holds.length > 0);
  if (own === undefined) return [...elsewhere, ...beginnings.map((begin) => `${begin} to ${whom}`)];
  const shown = own.file === undefined ? own.holds[0] : `sotto keygen --show ${pathWord(own.file)}`;
  return [`send ${whom} your recipient: ${shown}`, ...elsewhere];
}

/** A shell takes `~/` for the home folder only where it stands bare. */
function pathWord(path: string): string {
  return path.startsWith('~/') ? path : commandWord(path);
}
