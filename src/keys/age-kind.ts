import type { KeyEntry } from '../core/metadata.ts';
import { ageRecipient } from './age.ts';
import type { KeyKind, KeyUse } from './key.ts';
import { findIdentities, type IdentityPlace } from './places.ts';
import type { KeyWorld } from './world.ts';

/** age keys. */
export const age: KeyKind = { name: 'age', isLocal: true, idOf, start };

function idOf({ recipient }: KeyEntry['fields']): string {
  return typeof recipient === 'string' ? recipient : '';
}

function start(world: KeyWorld): KeyUse {
  const command = world.environment['SOPS_AGE_KEY_CMD'];
  const looked = new Map<string, Promise<readonly IdentityPlace[]>>();
  /** A key command gets the recipient, so with one there is a look for each of them. */
  const look = (recipient: string): Promise<readonly IdentityPlace[]> => {
    const key = command === undefined || command === '' ? '' : recipient;
    const found = looked.get(key) ?? findIdentities(world, key);
    looked.set(key, found);
    return found;
  };
  return {
    parse: ageRecipient,
    recipientOf: ({ fields }) => ageRecipient(idOf(fields)),
    identitiesFor: async ({ fields }) => (await look(idOf(fields))).flatMap(({ identities }) => identities),
    noneFits: 'no identity fits',
    advice: 'set SOPS_AGE_KEY_FILE to a file with one of these keys',
    places: async () => ((await [...looked.values()][0]) ?? []).map(describe),
  };
}

function describe({ name, identities, problem, isThere }: IdentityPlace): string {
  if (problem !== '') return `${name}: ${problem}`;
  if (!isThere) return `${name}: not there`;
  return `${name}: ${identities.map(({ recipient }) => recipient).join(', ')}`;
}
