import type { KeyEntry, MetadataMap } from '../core/metadata.ts';
import type { KeyKind, Recipient } from './key.ts';

/**
 * A kind of key that sops knows and that can't be used here yet. Its entries are read, shown, compared and kept; only
 * wrapping and unwrapping fail.
 *
 * @param idOf the text that sops shows for an entry
 */
export function notYet(name: string, idOf: (fields: MetadataMap) => string): KeyKind {
  const problem = `${name} keys are not supported yet`;
  const named = (id: string): Recipient => ({
    kind: name,
    id,
    wrap: () => Promise.reject(new Error(problem)),
  });
  return {
    name,
    isLocal: false,
    idOf,
    start: () => ({
      parse: named,
      recipientOf: ({ fields }: KeyEntry) => named(idOf(fields)),
      identitiesFor: () => Promise.reject(new Error(problem)),
      noneFits: problem,
      advice: `use sops for ${name} keys for now`,
      places: () => Promise.resolve([]),
    }),
  };
}
