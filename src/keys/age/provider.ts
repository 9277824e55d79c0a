import type { KeyEntry } from '../../core/sops/metadata.ts';
import { fromHome } from '../../text/command-word.ts';
import { textIn } from '../entry.ts';
import type { KeyHost } from '../host.ts';
import type { KeyProvider, KeySource, Recipient } from '../kind.ts';
import { type AgeIdentity, ageFileOf, KIND } from './entry.ts';
import type { AgeKey } from './identity.ts';
import { type IdentitySource, IdentitySources } from './identity-sources.ts';
import { noMatchInSops } from './no-match-in-sops.ts';
import { Plugins } from './plugin/plugins.ts';
import { ageRecipient } from './recipient.ts';
import type { Stanza } from './stanza.ts';

/** age keys at work: identities of the places where sops looks, and plugins. */
export function ageProvider(host: KeyHost): KeyProvider {
  const plugins = new Plugins(host);
  const finder = new IdentityFinder(new IdentitySources(host, plugins));
  const recipients = new Map<string, Recipient>();
  return {
    recipient: async (text) => {
      const recipient = recipients.get(text) ?? (await ageRecipient(text, plugins));
      recipients.set(text, recipient);
      return recipient;
    },
    identitiesFor: (entry) => finder.identitiesFor(entry),
    noMatch: 'no identity fits',
    noMatchInSops: async () => noMatchInSops(host, await finder.seen()),
    advice: 'set SOPS_AGE_KEY_FILE to a file with one of these keys',
    beginning: 'make a key with "sotto keygen" and send its recipient',
    sources: async () => [
      ...emptyVariable(host),
      ...(await Promise.all((await finder.seen()).map((source) => sourceOf(source, host)))),
    ],
    expect: (plan) =>
      plugins.expect(async () => {
        const { entries, files } = await plan();
        return { headers: headersOf(entries), files };
      }),
  };
}

/** Finds identities where an entry may have some, and remembers where that was. */
class IdentityFinder {
  readonly #sources: IdentitySources;
  /** The last one asked for: with another one, commands would be run again only to show what they print. */
  #recipient = '';
  #forSsh = false;

  constructor(sources: IdentitySources) {
    this.#sources = sources;
  }

  /** SSH keys only come into play where a file is for some; those that ask for something come last. */
  async identitiesFor(entry: KeyEntry): Promise<AgeIdentity[]> {
    this.#recipient = textIn(entry.fields['recipient']);
    const isForSsh = ageFileOf(entry).stanzas.some(({ type }) => type.startsWith('ssh-'));
    this.#forSsh ||= isForSsh;
    const found = (await this.#find(isForSsh)).flatMap(({ identities }) => identities);
    return [...found.filter(({ key }) => !key.asks), ...found.filter(({ key }) => key.asks)];
  }

  /** The sources that were looked into, as they were found. */
  seen(): Promise<IdentitySource[]> {
    return this.#find(this.#forSsh);
  }

  async #find(forSsh: boolean): Promise<IdentitySource[]> {
    return [
      ...(forSsh ? await this.#sources.sshKeys(this.#recipient) : []),
      ...(await this.#sources.ageKeys(this.#recipient)),
    ];
  }
}

function headersOf(entries: readonly KeyEntry[]): (readonly Stanza[])[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== KIND) return [];
    try {
      return [ageFileOf(entry).stanzas];
    } catch {
      return []; // Damaged; that is said when it is its turn.
    }
  });
}

/** sops takes an empty variable for none. */
function emptyVariable({ environment }: KeyHost): KeySource[] {
  if (environment['SOPS_AGE_KEY'] !== '') return [];
  const isCi = (environment['CI'] ?? '') !== '';
  const problem = isCi
    ? 'it is set, but empty: a pull request from a fork gets no secrets'
    : 'it is set, but empty';
  return [{ name: 'SOPS_AGE_KEY', holds: [], problem }];
}

async function sourceOf(
  { name, file, identities, problem }: IdentitySource,
  { home }: KeyHost,
): Promise<KeySource> {
  const holds = (await Promise.all(identities.map(({ key }) => holding(key)))).flat();
  return {
    name: file === undefined ? name : name.replace(file, () => fromHome(file, home)),
    file: file === undefined ? undefined : fromHome(file, home),
    holds,
    ...(problem === '' ? {} : { problem }),
  };
}

/** The recipients of an identity that tells them without asking anybody. */
async function holding(key: AgeKey): Promise<readonly string[]> {
  const recipients = key.asks ? [] : await key.recipients();
  return recipients.length > 0 ? recipients : [await key.describe()];
}
