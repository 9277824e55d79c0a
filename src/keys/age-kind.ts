import type { KeyEntry, MetadataMap } from '../core/metadata.ts';
import { type AgeIdentity, ageFileOf } from './age/entry.ts';
import { Plugins } from './age/plugin/plugins.ts';
import { ageRecipient } from './age/recipient.ts';
import type { Stanza } from './age/stanza.ts';
import { noneFitsInSops } from './age-in-sops.ts';
import type { KeyKind, KeyUse, Recipient } from './key.ts';
import { AgePlaces, type IdentityPlace } from './places.ts';
import type { KeyWorld } from './world.ts';

/** age keys, with all that age takes for one: SSH keys, passphrases, plugins. */
export const age: KeyKind = { name: 'age', isLocal: true, idOf, fieldsOf, isSame, start };

function idOf({ recipient }: MetadataMap): string {
  return typeof recipient === 'string' ? recipient : '';
}

function fieldsOf(id: string): MetadataMap {
  return { recipient: id };
}

/** The comment behind an SSH key says whose it is; the key is the same with another one. */
function isSame(one: string, other: string): boolean {
  return one.startsWith('ssh-') && withoutComment(one) === withoutComment(other);
}

function withoutComment(line: string): string {
  return line
    .trim()
    .split(/[ \t]+/)
    .slice(0, 2)
    .join(' ');
}

function start(world: KeyWorld): KeyUse {
  const plugins = new Plugins(world);
  const places = new AgePlaces(world, plugins);
  const recipients = new Map<string, Recipient>();
  const parse = (text: string): Recipient => {
    const recipient = recipients.get(text) ?? ageRecipient(text, plugins);
    recipients.set(text, recipient);
    return recipient;
  };
  const looker = new Looker(places);
  return {
    parse,
    recipientOf: ({ fields }) => parse(idOf(fields)),
    identitiesFor: (entry) => looker.identitiesFor(entry),
    noneFits: 'no identity fits',
    noneFitsInSops: async () => noneFitsInSops(world, await looker.seen()),
    advice: 'set SOPS_AGE_KEY_FILE to a file with one of these keys',
    places: async () => Promise.all((await looker.seen()).map(describe)),
    foresee: (look) =>
      plugins.foresee(async () => {
        const { entries, files } = await look();
        return { headers: headersOf(entries), files };
      }),
  };
}

/** Looks for identities where an entry may have some, and remembers where that was. */
class Looker {
  readonly #places: AgePlaces;
  /** Commands get a recipient, and are not run once more only to show what they print. */
  #recipient = '';
  #forSsh = false;

  constructor(places: AgePlaces) {
    this.#places = places;
  }

  /** SSH keys only come into play where a file is for some; those that ask for something come last. */
  async identitiesFor(entry: KeyEntry): Promise<AgeIdentity[]> {
    this.#recipient = idOf(entry.fields);
    const isForSsh = ageFileOf(entry).stanzas.some(({ type }) => type.startsWith('ssh-'));
    this.#forSsh ||= isForSsh;
    const found = (await this.#look(isForSsh)).flatMap(({ identities }) => identities);
    return [...found.filter(({ key }) => !key.asks), ...found.filter(({ key }) => key.asks)];
  }

  seen(): Promise<IdentityPlace[]> {
    return this.#look(this.#forSsh);
  }

  async #look(forSsh: boolean): Promise<IdentityPlace[]> {
    return [
      ...(forSsh ? await this.#places.withSshKeys(this.#recipient) : []),
      ...(await this.#places.withAgeKeys(this.#recipient)),
    ];
  }
}

function headersOf(entries: readonly KeyEntry[]): (readonly Stanza[])[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== age.name) return [];
    try {
      return [ageFileOf(entry).stanzas];
    } catch {
      return []; // Damaged; that is said when it is its turn.
    }
  });
}

async function describe({ name, identities, problem, isThere }: IdentityPlace): Promise<string> {
  if (problem !== '') return `${name}: ${problem}`;
  if (!isThere) return `${name}: not there`;
  return `${name}: ${(await Promise.all(identities.map(({ key }) => key.describe()))).join(', ')}`;
}
