import { posix } from 'node:path';
import type { SecretTerms } from '../../config/lifecycle/entry.ts';
import { hasLifecycle } from '../../config/lifecycle/opt-in.ts';
import type { FileTerms } from '../../config/lifecycle/policy.ts';
import { isToken } from '../../core/sops/token.ts';
import { tokenId, ValueDates } from '../../core/sops/value-dates.ts';
import { pathOf } from '../../core/splice/leaf.ts';
import type { Path } from '../../core/tree/tree.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { mayBeSealed, whereabouts } from '../../operations/check/sealed-file.ts';
import { type Age, datesIn, type PastDates, UNKNOWN } from '../../operations/lifecycle/past-dates.ts';
import { DEFAULT_WARN, type Standing, standingOf } from '../../operations/lifecycle/standing.ts';
import type { Examination } from '../check/examination.ts';
import type { Rulebook } from '../check/rulebook.ts';
import type { SecretPolicies } from '../secret-policies.ts';

/** A value of which something is asked, or that says itself when it ends. */
export interface SecretAge extends Pick<Finding, 'region'> {
  /** From the top, with slashes. */
  readonly file: string;
  readonly document: number;
  readonly path: Path;
  /** What it is recognised by as long as it is the same. */
  readonly iv: string;
  readonly terms: SecretTerms;
  readonly age: Age;
  readonly expires: string | undefined;
  readonly standing: Standing;
}

/** What looking at ages takes. */
export interface AgeTools {
  /** Absolute. */
  readonly top: string;
  readonly rulebook: Rulebook;
  readonly examination: Examination;
  readonly policies: SecretPolicies;
  /** Asked once, when a date is not in its file; `undefined` outside of git. */
  readonly past: () => Promise<PastDates | undefined>;
  /** Milliseconds. */
  readonly now: number;
  /** Those that are in time, too, whose files are not read then: their dates alone tell it. */
  readonly isWhole: boolean;
}

/** A version of a file. */
interface AgedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The ages of the values of encrypted files, without a key.
 *
 * @throws SottoError `config-invalid` for a policy that can't be read
 */
export async function* secretAges(
  files: Iterable<AgedFile>,
  { top, rulebook, examination, policies, past, now, isWhole }: AgeTools,
): AsyncGenerator<SecretAge> {
  for (const { path: file, bytes } of files) {
    const config = rulebook.chapterFor(file)?.config;
    const policy = await policies.for(config);
    if (policy.isEmpty && !hasLifecycle(config)) continue;
    const all = await policy.termsFor(posix.join(top, file));
    if (!isWhole && isInTime(bytes, all, now)) continue;
    const sealed = await examination.sealed(file, bytes);
    if (sealed === undefined) continue;
    const { sotto = {} } = sealed.metadata;
    const [changed, ends] = [sotto['changed'], sotto['expires']].map((text) => ValueDates.read(text));
    for (const place of sealed.places) {
      if (place.isComment || !isToken(place.text)) continue;
      const path = pathOf(place.leaf.at);
      const terms = all.of(path);
      const id = tokenId(place.text);
      const expires = id === undefined ? undefined : ends?.timeOf(id);
      if (terms.maxAge === undefined && expires === undefined) continue;
      const recorded = id === undefined ? undefined : changed?.timeOf(id);
      const age: Age =
        recorded === undefined
          ? ((await past())?.ageOf(place.text, file) ?? UNKNOWN)
          : { evidence: 'recorded', since: recorded, unchangedSince: recorded };
      const limits = {
        maxAge: terms.maxAge?.value.milliseconds,
        warn: terms.warn?.value.milliseconds,
      };
      const standing = standingOf(age, limits, expires, now);
      yield {
        file,
        document: place.leaf.document,
        path,
        iv: place.text.slice(place.text.lastIndexOf(',iv:') + 4, place.text.lastIndexOf(',tag:')),
        terms,
        age,
        expires,
        standing,
        // Lines are counted where somebody is told of them.
        ...(standing.state === 'fine' ? {} : { region: whereabouts(place, sealed.source.text).region }),
      };
    }
  }
}

/**
 * Whether the text of a file shows that none of its values is due, nor will be soon, by the strictest that is asked of
 * any: all of them are dated, and the oldest is young enough.
 */
function isInTime(bytes: Uint8Array, terms: FileTerms, now: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!mayBeSealed(text)) return true;
  const [changed, expires] = [datesIn(text, 'changed'), datesIn(text, 'expires')];
  if (changed === undefined || expires === undefined || !terms.isOwned) return false;
  const { maxAge, warn = DEFAULT_WARN } = terms.strictest;
  const age: Age = { evidence: 'recorded', since: changed.oldestOfAll, unchangedSince: changed.oldestOfAll };
  return (
    standingOf(age, { maxAge, warn: Math.max(warn, DEFAULT_WARN) }, expires.oldest, now).state === 'fine'
  );
}
