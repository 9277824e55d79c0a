import { createHash } from 'node:crypto';
import type { Metadata, MetadataMap } from '../sops/metadata.ts';
import { older, printDates, tokenId, ValueDates } from '../sops/value-dates.ts';
import type { Value } from '../tree/value.ts';
import { expiryOf } from './expiry.ts';
import type { OpenedLeaves } from './opened-leaves.ts';

/** An earlier version of a file: what its values said, and what was known of their age. */
export interface DatedVersion {
  readonly opened: OpenedLeaves;
  readonly metadata: Pick<Metadata, 'sotto'>;
}

/** A value as it is encrypted. */
export interface SealedValue {
  readonly token: string;
  readonly value: Value;
}

/**
 * Notes when the values of a file changed. A value whose type and text stood anywhere in the file before is as old as
 * it was, wherever it stands now, and under whatever key; nothing is younger than that shows.
 */
export class Dating {
  readonly #earlier: readonly DatedVersion[];
  readonly #isBlind: boolean;

  /**
   * @param earlier versions of the file; none, if it is a new one
   * @param isBlind there is one that could not be read: no value is known to be new
   */
  constructor(earlier: readonly DatedVersion[], isBlind = false) {
    this.#earlier = earlier;
    this.#isBlind = isBlind;
  }

  /** The fields of `sops.sotto` that say it. @param now as in `lastmodified` */
  fieldsFor(values: Iterable<SealedValue>, now: string): MetadataMap {
    const before = this.#before();
    const changed = new Map<string, string | undefined>();
    const expires = new Map<string, string | undefined>();
    for (const { token, value } of values) {
      const id = tokenId(token);
      if (id === undefined) continue;
      const known = before.byId.has(id) ? before.byId : before.byText;
      const key = known === before.byId ? id : keyOf(value);
      const time = known.has(key) || this.#isBlind ? known.get(key) : now;
      // Two tokens that are called the same are as old as the older one.
      changed.set(id, changed.has(id) ? oldest(changed.get(id), time) : time);
      const expiry = expiryOf(value);
      if (expiry !== undefined) expires.set(id, older(expires.get(id), expiry));
    }
    return fieldsOf(changed, expires);
  }

  /** Since when there is each value, by its token and by its text; `undefined` where it is there, and nobody knows. */
  #before(): {
    readonly byId: Map<string, string | undefined>;
    readonly byText: Map<string, string | undefined>;
  } {
    const byId = new Map<string, string | undefined>();
    const byText = new Map<string, string | undefined>();
    for (const { opened, metadata } of this.#earlier) {
      const dates = ValueDates.read(metadata.sotto?.['changed']);
      for (let index = 0; index < opened.length; index += 1) {
        const value = opened.value(index);
        const id = value === undefined ? undefined : tokenId(opened.token(index));
        if (value === undefined || id === undefined) continue;
        const time = dates.timeOf(id);
        // Of one token, another version may know more.
        byId.set(id, older(byId.get(id), time));
        const key = keyOf(value);
        byText.set(key, byText.has(key) ? oldest(byText.get(key), time) : time);
      }
    }
    return { byId, byText };
  }
}

/** What nobody knows may be older than all that is known. */
function oldest(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || other === undefined ? undefined : older(one, other);
}

function keyOf({ type, text, bytes }: Value): string {
  return bytes === undefined
    ? `${type}:${text}`
    : `bytes:${createHash('sha256').update(bytes).digest('hex')}`;
}

function fieldsOf(
  changed: ReadonlyMap<string, string | undefined>,
  expires: ReadonlyMap<string, string | undefined>,
): MetadataMap {
  const fields = { changed: printDates(changed, true), expires: printDates(expires, false) };
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ''));
}

/**
 * The dates of a file whose tokens come from two versions that have one data key, without knowing what they say: those
 * of a token that both have are the same, and else there is one to ask.
 *
 * @param tokens of the file
 */
export function joinedDates(
  tokens: Iterable<string>,
  versions: readonly { readonly tokens: Iterable<string>; readonly metadata: Pick<Metadata, 'sotto'> }[],
): MetadataMap {
  const ids = [...tokens].flatMap((token) => tokenId(token) ?? []);
  const joined = (field: 'changed' | 'expires'): Map<string, string | undefined> => {
    const times = new Map<string, string | undefined>(ids.map((id) => [id, undefined]));
    for (const { tokens: own, metadata } of versions) {
      const dates = ValueDates.read(metadata.sotto?.[field]);
      for (const token of own) {
        const id = tokenId(token);
        if (id !== undefined && times.has(id)) times.set(id, older(times.get(id), dates.timeOf(id)));
      }
    }
    return times;
  };
  return fieldsOf(joined('changed'), joined('expires'));
}
