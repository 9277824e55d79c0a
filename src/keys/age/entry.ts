import type { KeyEntry } from '../../core/sops/metadata.ts';
import type { Identity } from '../kind.ts';
import { dearmor } from './armor.ts';
import { type AgeFile, openAgeFile, parseAgeFile } from './file.ts';
import type { AgeKey } from './identity.ts';

/** The name of the metadata list. */
export const KIND = 'age';

/** An age identity that opens entries of the metadata. */
export interface AgeIdentity extends Identity {
  readonly key: AgeKey;
}

/**
 * Make an age key open entries.
 *
 * @param source where it comes from, for messages
 */
export function ageIdentity(key: AgeKey, source: string): AgeIdentity {
  return {
    kind: KIND,
    source,
    asks: key.asks,
    key,
    unwrap: async (entry) => openAgeFile(ageFileOf(entry), key),
  };
}

const parsed = new WeakMap<KeyEntry, AgeFile>();

/** The age file in an entry; taken apart once, however many identities are tried on it. @throws Error */
export function ageFileOf(entry: KeyEntry): AgeFile {
  const known = parsed.get(entry);
  if (known !== undefined) return known;
  const { enc } = entry.fields;
  if (typeof enc !== 'string') throw new Error('the entry has no enc');
  const file = parseAgeFile(dearmor(enc));
  parsed.set(entry, file);
  return file;
}
