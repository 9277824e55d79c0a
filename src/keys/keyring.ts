import type { KeyEntry, Metadata, MetadataMap } from '../core/sops/metadata.ts';
import { combineShares } from '../core/sops/shamir.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { Auditor, UsedKey } from './auditor.ts';
import { nameFieldsOf } from './entry.ts';
import type { GroupResult } from './group-result.ts';
import { type KeyHost, NO_HOST } from './host.ts';
import { isSameRecipient, KINDS, lookOf, nameOf, type RecipientName, recipientIdOf } from './index.ts';
import type { Identity, IsNamed, KeyProvider, Plan, Recipient } from './kind.ts';
import { type Names, NO_NAMES } from './names.ts';
import { noKeyFits } from './no-key-fits.ts';
import type { Search } from './no-key-in-words.ts';
import { KeyProviders, requireKind } from './providers.ts';
import { refuseSecret, refuseUnseen } from './recipient-text.ts';
import { type KeyService, withServices } from './service/key-service.ts';
import { MOST_AT_ONCE } from './turns.ts';
import { UnwrapAttempt } from './unwrap-attempt.ts';

/** What a keyring opens files with. */
export interface KeyringOptions {
  /** The machine with its own identities; without it only {@link identities} count. */
  readonly host?: KeyHost;
  /** Kinds of key in the order in which they are tried; those that need no network first unless given. */
  readonly order?: readonly string[] | undefined;
  /** Identities besides those that are found on the host. */
  readonly identities?: readonly Identity[];
  /** Why keys of this machine are not to be used, and what to do; they are if left out. */
  readonly refusal?: string | undefined;
  /** Key services, asked behind this machine in their order. */
  readonly services?: readonly KeyService[];
  /** Called with each data key that was recovered. */
  readonly onOpened?: (() => void) | undefined;
  /** Whether a configuration names a recipient; those that {@link Keyring.recipient} is called with count as well. */
  readonly isNamed?: IsNamed | undefined;
  /** Takes down what is opened with these keys, and what is changed with them. */
  readonly auditor?: Auditor | undefined;
  /** The names of recipients, for the error on a file that does not open. @param path of the file, if it is known */
  readonly names?: ((path: string | undefined) => Promise<Names>) | undefined;
}

/** A recipient as `.sops.yaml` and options name it. */
interface NamedKey extends RecipientName {
  readonly fields?: MetadataMap;
  readonly place?: { readonly file: string };
}

/** A data key, and what it was put together from. */
export interface OpenedKey {
  readonly dataKey: Uint8Array;
  /** What each group wraps: its share, or the data key if there is only one group; `undefined` if it did not open. */
  readonly parts: readonly (Uint8Array | undefined)[];
  /** Whose keys opened it, in the order of the groups. */
  readonly openers: readonly UsedKey[];
}

/** The keys of a run: makes recipients and recovers data keys. Identities are looked for once, however many files. */
export class Keyring {
  /** As in {@link KeyringOptions}. */
  readonly auditor: Auditor | undefined;
  readonly #providers: KeyProviders;
  readonly #identities: readonly Identity[];
  readonly #order: readonly string[];
  readonly #refusal: string | undefined;
  readonly #services: readonly KeyService[];
  readonly #onOpened: (() => void) | undefined;
  readonly #names: KeyringOptions['names'];
  readonly #recipients = new WeakMap<NamedKey, Promise<Recipient>>();
  /** Recipients that options and rules named in this run. */
  readonly #named = new Set<string>();
  readonly #openers: RecipientName[] = [];
  readonly #isUnattended: boolean;
  #question: Promise<unknown> = Promise.resolve();

  /** @throws SottoError `order-duplicate` */
  constructor(options: KeyringOptions) {
    const { host = NO_HOST, order = localKinds(), identities = [] } = options;
    this.#refusal = options.refusal;
    this.#services = options.services ?? [];
    this.#onOpened = options.onOpened;
    this.#names = options.names;
    this.auditor = options.auditor;
    this.#isUnattended = host.isUnattended === true;
    const { isNamed } = options;
    this.#providers = new KeyProviders(
      host,
      async (name) => this.#named.has(keyOf(name)) || (await isNamed?.(name)) === true,
    );
    this.#identities = identities;
    this.#order = order;
    const repeated = order.find((kind, index) => order.indexOf(kind) !== index);
    if (repeated !== undefined)
      throw new SottoError('order-duplicate', `${repeated} is named twice in the decryption order`, {
        inSops: `Duplicate decryption key type: ${repeated}`,
        hint: 'name each kind once, as in --decryption-order age,pgp',
      });
  }

  /**
   * A recipient as `.sops.yaml` and options name it; a rule names the same for each of its files.
   *
   * @param name with the fields of its entries where its text does not have them all
   * @throws SottoError `recipient-invalid`
   */
  recipient(name: NamedKey): Promise<Recipient> {
    const known = this.#recipients.get(name) ?? this.#recipientAnew(name);
    this.#recipients.set(name, known);
    return known;
  }

  async #recipientAnew(name: NamedKey): Promise<Recipient> {
    const { kind, id, fields } = name;
    refuseSecret(id);
    this.#named.add(keyOf(name));
    try {
      const own = await (await this.#providers.of(kind)).recipient(id, fields);
      refuseUnseen(id.trim());
      const described = { ...own, describe: () => this.#describe(own, name.place?.file) };
      return this.#withServices(described, () => fields ?? requireKind(kind).fieldsOf(own.id));
    } catch (error) {
      const hint = lookOf(name);
      throw error instanceof SottoError && hint !== undefined ? error.with({ hint }) : error;
    }
  }

  /** The recipients of entries. One that can't be used is known all the same; only wrapping for it fails. */
  recipientsOf(groups: Metadata['groups']): Promise<Recipient[][]> {
    return Promise.all(groups.map((group) => Promise.all(group.map((entry) => this.recipientOf(entry)))));
  }

  /** The recipient of an entry, as {@link recipientsOf}. */
  async recipientOf(entry: KeyEntry): Promise<Recipient> {
    const own = await this.#ownRecipientOf(entry);
    return this.#withServices({ ...own, describe: () => this.#describe(own) }, () => nameFieldsOf(entry));
  }

  /** @param config where it is named */
  async #describe(recipient: RecipientName, config?: string): Promise<string> {
    return ((await this.#names?.(config)) ?? NO_NAMES).describe(recipient);
  }

  async #ownRecipientOf(entry: KeyEntry): Promise<Recipient> {
    const { kind, fields } = entry;
    const id = recipientIdOf(entry);
    try {
      refuseUnseen(id);
      const provider = await this.#providers.of(kind);
      return await provider.recipient(requireKind(kind).idOf(fields), nameFieldsOf(entry));
    } catch (error) {
      return { kind, id, wrap: () => Promise.reject(error) };
    }
  }

  #withServices(own: Recipient, fields: () => MetadataMap): Recipient {
    if (this.#services.length === 0) return own;
    const name = (): KeyEntry => ({ kind: own.kind, fields: fields() });
    return withServices(own, name, this.#services, this.#refusal === undefined);
  }

  /** On how many files it is best to work at once: on several while services are waited for. */
  get atOnce(): number {
    return this.#providers.waits ? MOST_AT_ONCE : 1;
  }

  /** Say how to find out what is to come, before the first of many files. */
  expect(plan: () => Promise<Plan>): void {
    this.#providers.expect(plan);
  }

  /**
   * The data key of a file.
   *
   * @param path of the file, for the names of its recipients
   * @throws SottoError `no-key-fits`, with every group, every recipient and the reason why it did not open
   */
  async open({ groups, threshold = 0 }: Metadata, path?: string): Promise<OpenedKey> {
    if (groups.every((group) => group.length === 0)) {
      const hint = 'restore the file from git: its sops block names nobody';
      throw untriedKeys(groups, threshold, 'it is encrypted for nobody', hint);
    }
    if (this.#refusal !== undefined && this.#services.length === 0) {
      const message = 'keys of this machine are turned off';
      throw untriedKeys(groups, threshold, message, this.#refusal);
    }
    const needed = groups.length === 1 ? 1 : Math.max(threshold, 1);
    const results = await this.#openGroups(groups, needed);
    const parts = results.map(({ part }) => part);
    const opened = parts.flatMap((part) => (part === undefined ? [] : [part]));
    const [only] = opened;
    if (opened.length < needed) {
      const names = (await this.#names?.(path)) ?? NO_NAMES;
      throw noKeyFits(results, threshold, await this.#search(groups), names);
    }
    const dataKey = groups.length === 1 && only !== undefined ? only : combine(opened);
    this.#onOpened?.();
    const openers = results.flatMap(({ opener }) => opener ?? []);
    for (const { kind, id } of openers) if (!this.hasOpened({ kind, id })) this.#openers.push({ kind, id });
    return { dataKey, parts, openers };
  }

  /** Whether a key of somebody is here, as far as it was needed: it opened something. */
  hasOpened(recipient: RecipientName): boolean {
    return this.#openers.some((one) => isSameRecipient(one, recipient));
  }

  /** Forget what services unwrapped: whoever asks later is to be let in, or not, by them. */
  async forget(): Promise<void> {
    await this.#providers.forget();
  }

  /** What a single entry wraps. @throws Error with the reasons why it did not open */
  async unwrap(entry: KeyEntry): Promise<Uint8Array> {
    const { part, failed } = await this.#openGroup([entry]);
    if (part === undefined) throw new Error(failed.flatMap(({ reasons }) => reasons).join('; '));
    return part;
  }

  /**
   * Open as many groups as are needed, beginning with those that need no network.
   *
   * @returns what came of each; those that were not needed have no part
   */
  async #openGroups(groups: Metadata['groups'], needed: number): Promise<GroupResult[]> {
    const results = groups.map(untried);
    const rankOf = (group: readonly KeyEntry[]): number =>
      Math.min(...group.map((entry) => rankIn(this.#order, entry)));
    const cheapestFirst = [...groups.entries()].sort(([, one], [, other]) => rankOf(one) - rankOf(other));
    let opened = 0;
    for (const [index, group] of cheapestFirst) {
      if (opened === needed) break;
      const result = await this.#openGroup(group);
      results[index] = result;
      if (result.part !== undefined) opened += 1;
    }
    return results;
  }

  /** Nobody is asked for a passphrase while another key of the same kind may open another entry. */
  async #openGroup(group: readonly KeyEntry[]): Promise<GroupResult> {
    const before: UnwrapAttempt[] = [];
    const failed = (): GroupResult['failed'] => before.map((attempt) => attempt.result());
    for (const entries of byKind(sortedBy(this.#order, group))) {
      const attempts = await Promise.all(entries.map((entry) => this.#attemptOf(entry)));
      for (const way of this.#isUnattended ? UNATTENDED : WAYS) {
        for (const attempt of attempts) {
          const part = await (way === 'asking' ? this.#asked(attempt) : attempt[way]());
          if (part !== undefined) return { part, opener: attempt.used, failed: failed() };
        }
      }
      before.push(...attempts);
    }
    return { part: undefined, opener: undefined, failed: failed() };
  }

  /** One question after the other, however many files are worked on. */
  #asked(attempt: UnwrapAttempt): Promise<Uint8Array | undefined> {
    const answer = this.#question.then(() => attempt.asking());
    this.#question = answer.catch(() => undefined);
    return answer;
  }

  async #attemptOf(entry: KeyEntry): Promise<UnwrapAttempt> {
    const given = this.#identities.filter(({ kind }) => kind === entry.kind);
    const provider = this.#refusal === undefined ? await this.#providers.of(entry.kind) : TURNED_OFF;
    return new UnwrapAttempt(entry, provider, given, this.#services);
  }

  /** Where identities of the kinds that a file has were looked for. */
  async #search(groups: Metadata['groups']): Promise<Search> {
    const kinds = [...new Set(sortedBy(this.#order, groups.flat()).map(({ kind }) => kind))];
    const providers = await Promise.all(
      this.#refusal === undefined ? kinds.map((kind) => this.#providers.of(kind)) : [],
    );
    const sources = await Promise.all(providers.map((provider) => provider.sources()));
    const inSops = new Map<string, string>();
    for (const provider of providers)
      inSops.set(provider.noMatch, (await provider.noMatchInSops?.()) ?? provider.noMatch);
    const services = this.#services.map(({ uri }) => uri);
    const advice = providers.map((provider) => provider.advice);
    if (services.length > 0)
      advice.push(`let a key service with one of these keys run at ${services.join(' or ')}`);
    return {
      sources: [
        ...sources.flat(),
        ...services.map((name) => ({
          name,
          holds: [],
          problem: 'a key service, which has none of these keys',
        })),
      ],
      advice,
      beginnings: providers.flatMap(({ beginning }) => beginning ?? []),
      inSops,
    };
  }
}

/** How an entry is tried to be opened, in this order. */
const WAYS = ['withoutAsking', 'asking', 'byServices'] as const;
const UNATTENDED = ['withoutAsking', 'byServices'] as const;

/** In place of what a kind finds on this machine. */
const TURNED_OFF: Pick<KeyProvider, 'identitiesFor' | 'noMatch'> = {
  identitiesFor: () => Promise.resolve([]),
  noMatch: 'keys of this machine are turned off',
};

/** The error for a file of which no key was tried; sops's words for it are those for keys that do not fit. */
function untriedKeys(
  groups: Metadata['groups'],
  threshold: number,
  message: string,
  hint: string,
): SottoError {
  const error = noKeyFits(groups.map(untried), threshold);
  return error.with({ hint, lines: [], inSops: error.inSops }, message);
}

function untried(group: readonly KeyEntry[]): GroupResult {
  const failed = group.map((entry) => ({ ...nameOf(entry), reasons: [], hasKey: false, failures: [] }));
  return { part: undefined, opener: undefined, failed };
}

/** Entries in runs of one kind. */
function byKind(entries: readonly KeyEntry[]): KeyEntry[][] {
  const runs: KeyEntry[][] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    if (last?.[0]?.kind === entry.kind) last.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function combine(shares: readonly Uint8Array[]): Uint8Array {
  try {
    return combineShares(shares);
  } catch (error) {
    throw new SottoError('no-key-fits', 'the shares of its key groups do not fit together', {
      undone: "you can't open",
      inSops: `could not get data key from shamir parts: ${messageOf(error)}`,
      hint: 'shamir_threshold or the key groups were changed by hand; restore the sops block from git',
    });
  }
}

function localKinds(): string[] {
  return KINDS.filter(({ isLocal }) => isLocal).map(({ name }) => name);
}

/** Kinds in the order come first, in that order; the others keep theirs (sops `sops.go`, sortKeyGroupIndices). */
function sortedBy(order: readonly string[], entries: readonly KeyEntry[]): KeyEntry[] {
  return [...entries].sort((a, b) => rankIn(order, a) - rankIn(order, b));
}

function rankIn(order: readonly string[], { kind }: KeyEntry): number {
  return order.includes(kind) ? order.indexOf(kind) : order.length;
}

function keyOf({ kind, id }: RecipientName): string {
  return `${kind} ${id.trim()}`;
}
