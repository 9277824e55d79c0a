import { pathFrom } from '../../config/lifecycle/policy.ts';
import { printPath, shortPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { type Finding, regionAt } from '../../operations/check/finding.ts';
import type { JournalHead } from '../renew/journal.ts';
import { pendingRenewals } from '../renew/journal-folder.ts';
import { nameOf } from '../renew/subject.ts';
import type { SecretAge } from './ages.ts';

/** Whether a finding is about a policy, and not about the age of a value. */
export function isAboutPolicy({ rule }: Pick<Finding, 'rule'>): boolean {
  return rule === 'owner-missing' || rule === 'renewal-pending' || rule === 'secret-unmatched';
}

/** What there is to say of a value; `undefined` if all is well. */
export function ageFinding(one: SecretAge, now: number): Finding | undefined {
  const { file, document, path, region, iv, standing } = one;
  if (standing.state === 'fine') return undefined;
  return {
    rule: standing.state,
    file,
    ...(region === undefined ? {} : { region }),
    document,
    path: printPath(path),
    message: `${shortPath(path)} ${ageText(one, now)}${ownerText(one)}`,
    identity: iv,
    ...(isCutOff(one) ? { fix: { command: ['git', 'fetch', '--unshallow'], automatic: false } } : {}),
  };
}

/** The history would tell how old it is, but that is not here: a pipeline has fetched the last commits alone. */
export function isCutOff({ age, standing }: Pick<SecretAge, 'age' | 'standing'>): boolean {
  return standing.state === 'age-unknown' && age.evidence === 'unknown' && age.unchangedSince !== undefined;
}

/** Why it is said, for people. */
export function ageText(one: SecretAge, now: number): string {
  const { age, terms, expires, standing } = one;
  const { maxAge } = terms;
  const limit = maxAge === undefined ? '' : `, and may be ${maxAge.value.text}`;
  if (expires !== undefined && Date.parse(expires) <= now) return `ended on ${expires.slice(0, 10)}`;
  switch (standing.state) {
    case 'age-unknown':
      return `may be ${maxAge?.value.text}, and ${unknownReason(one)}`;
    case 'unproven':
      return `was encrypted anew, and may be there since ${dayOf(age.since)}${limit}`;
    case 'expired':
      return `is ${timeSince(age.since ?? age.unchangedSince, now)} old${limit}`;
    default:
      return standing.due === undefined
        ? ''
        : `has time until ${dayOf(new Date(standing.due).toISOString())}`;
  }
}

function ownerText({ terms: { owner, consumers } }: SecretAge): string {
  const parts = [
    ...(owner === undefined ? [] : [`owner: ${owner.value}`]),
    ...(consumers === undefined ? [] : [`used by ${consumers.value.join(', ')}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** The day of a time, as it is shown. */
export function dayOf(time: string | undefined): string {
  return time?.slice(0, 10) ?? 'unknown';
}

function unknownReason(one: SecretAge): string {
  const { since } = one.age;
  if (since !== undefined) return `the date of its change, ${dayOf(since)}, is yet to come`;
  return isCutOff(one)
    ? 'how old it is stands in the history, which is cut off here'
    : 'nobody knows how old it is';
}

/** Days; of little time, hours. */
function timeSince(time: string | undefined, now: number): string {
  const hours = time === undefined ? 0 : Math.floor((now - Date.parse(time)) / HOUR);
  return hours < 48 ? counted(hours, 'hour') : counted(Math.floor(hours / 24), 'day');
}

const HOUR = 3_600_000;

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** One finding for each max_age whose values have nobody; it is told where the entry stands, if that is here. */
export class OwnersMissing {
  readonly #top: string;
  readonly #found = new Map<string, { readonly first: SecretAge; count: number }>();

  /** @param top absolute */
  constructor(top: string) {
    this.#top = top;
  }

  add(one: SecretAge): void {
    const { maxAge, owner } = one.terms;
    if (maxAge === undefined || owner !== undefined) return;
    const key = JSON.stringify(maxAge.place);
    const found = this.#found.get(key);
    if (found === undefined) this.#found.set(key, { first: one, count: 1 });
    else found.count += 1;
  }

  get findings(): Finding[] {
    return [...this.#found.values()].flatMap(({ first, count }) => {
      const { maxAge } = first.terms;
      if (maxAge === undefined) return [];
      const { file } = maxAge.place;
      const own = pathFrom(this.#top, file);
      const more = count === 1 ? '' : ` and ${count - 1} more`;
      const message = `no entry names an owner for ${first.file}#${shortPath(first.path)}${more}`;
      const isHere = own !== file.replaceAll('\\', '/');
      return [
        isHere
          ? {
              rule: 'owner-missing',
              file: own,
              region: regionAt(maxAge.place),
              message,
              identity: `${own} ${maxAge.entry}`,
            }
          : { rule: 'owner-missing', file: first.file, path: printPath(first.path), message },
      ];
    });
  }
}

/**
 * Renewals that were begun and are not done; one that only keeps an old value for a while is as it should be.
 *
 * @param root absolute: the folder of a configuration @param top of the repository
 */
export function renewalFindings(root: string, top: string, now: number, io: Io): Finding[] {
  try {
    return pendingRenewals(root, io).flatMap((head) => renewalFinding(head, pathFrom(top, root), now) ?? []);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { file = JOURNALS } = error.details;
    return [{ rule: 'renewal-pending', file: pathFrom(top, io.absolute(file)), message: error.message }];
  }
}

const JOURNALS = '.sotto/renew';

function renewalFinding(
  { id, state, started, revokeFrom, subjects }: JournalHead,
  below: string,
  now: number,
): Finding | undefined {
  const isKeeping = state === 'promoted';
  if (isKeeping && revokeFrom !== undefined && Date.parse(revokeFrom) > now) return undefined;
  const names = subjects.map(nameOf).join(', ');
  const folder = below === '' ? '' : `${below}/`;
  return {
    rule: 'renewal-pending',
    file: `${folder}${JOURNALS}/${id}.json`,
    message: isKeeping
      ? `the old value of ${names} can be revoked`
      : `${names} is being renewed since ${dayOf(started)}, and that is not done`,
    fix: {
      command: ['sotto', 'renew', isKeeping ? '--revoke' : '--resume'],
      automatic: false,
    },
  };
}
