import type { KeyEntry } from '../core/metadata.ts';
import type { CloudName } from './cloud-names.ts';
import type { KeyKind, Recipient } from './key.ts';

/**
 * A kind of key that sops knows and that can't be used here yet. Its entries are read, shown, compared and kept, and
 * key services open and make them; only this machine can't.
 */
export function notYet({ name, idOf, fieldsOf }: CloudName): KeyKind {
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
    fieldsOf,
    start: () => ({
      parse: named,
      recipientOf: ({ fields }: KeyEntry) => named(idOf(fields)),
      identitiesFor: () => Promise.reject(new Error(problem)),
      noneFits: problem,
      advice: `use sops, or a key service of it (--keyservice), for ${name} keys for now`,
      places: () => Promise.resolve([]),
    }),
  };
}
