import type { KeyEntry } from '../core/sops/metadata.ts';
import { messageOf } from '../errors.ts';
import type { UsedKey } from './auditor.ts';
import { textIn } from './entry.ts';
import type { FailedEntry } from './group-result.ts';
import { nameOf, type RecipientName } from './index.ts';
import type { Identity, KeyProvider } from './kind.ts';
import { KmsFailure } from './kms-failure.ts';
import type { KeyService } from './service/key-service.ts';

/** The attempt to unwrap what one entry holds. */
export class UnwrapAttempt {
  readonly name: RecipientName;
  readonly #entry: KeyEntry;
  readonly #provider: Pick<KeyProvider, 'identitiesFor' | 'noMatch'>;
  readonly #identities: readonly Identity[];
  readonly #services: readonly KeyService[];
  readonly #problems: string[] = [];
  /** What services of the clouds said. */
  readonly #failures: KmsFailure[] = [];
  /** What key services said, which tells nothing about keys of this machine. */
  readonly #answers: string[] = [];
  /** Why there are no identities of this kind to try. */
  #obstacle: string | undefined;
  #found: readonly Identity[] | undefined;

  /**
   * @param provider finds identities of this machine
   * @param identities that were given, besides those
   * @param services that may open the entry as well
   */
  constructor(
    entry: KeyEntry,
    provider: Pick<KeyProvider, 'identitiesFor' | 'noMatch'>,
    identities: readonly Identity[],
    services: readonly KeyService[],
  ) {
    this.name = nameOf(entry);
    this.#entry = entry;
    this.#provider = provider;
    this.#identities = identities;
    this.#services = services;
  }

  /** The key that it is about, once it has opened the entry. */
  get used(): UsedKey {
    return { ...this.name, enc: textIn(this.#entry.fields['enc']) };
  }

  /** Try what opens the entry without asking anybody for anything. @returns `undefined` if nothing did */
  async withoutAsking(): Promise<Uint8Array | undefined> {
    return (
      (await this.#tryAll(this.#identities.filter(({ asks }) => asks !== true))) ??
      (await this.#tryAll((await this.#find()).filter(({ asks }) => asks !== true)))
    );
  }

  /** Try the rest: what asks for a passphrase, or to touch something. @returns `undefined` if nothing did */
  async asking(): Promise<Uint8Array | undefined> {
    const all = [...this.#identities, ...(await this.#find())];
    return this.#tryAll(all.filter(({ asks }) => asks === true));
  }

  /** Ask the services, one after the other. @returns `undefined` if none opened it */
  async byServices(): Promise<Uint8Array | undefined> {
    for (const service of this.#services) {
      try {
        return await service.unwrap(this.#entry);
      } catch (error) {
        this.#answers.push(messageOf(error));
      }
    }
    return undefined;
  }

  /** Why it did not open. */
  result(): FailedEntry {
    const hasKey = this.#problems.length > 0;
    const own = [...this.#problems, ...(this.#obstacle === undefined ? [] : [this.#obstacle])];
    return {
      ...this.name,
      reasons: [...new Set([...(own.length === 0 ? [this.#provider.noMatch] : own), ...this.#answers])],
      hasKey,
      failures: this.#failures,
    };
  }

  async #find(): Promise<readonly Identity[]> {
    if (this.#found !== undefined) return this.#found;
    try {
      this.#found = await this.#provider.identitiesFor(this.#entry);
    } catch (error) {
      this.#obstacle = messageOf(error);
      if (error instanceof KmsFailure) this.#failures.push(error);
      this.#found = [];
    }
    return this.#found;
  }

  async #tryAll(identities: readonly Identity[]): Promise<Uint8Array | undefined> {
    for (const identity of identities) {
      try {
        const part = await identity.unwrap(this.#entry);
        if (part !== null) return part;
      } catch (error) {
        this.#problems.push(`${identity.source}: ${messageOf(error)}`);
        if (error instanceof KmsFailure) this.#failures.push(error);
      }
    }
    return undefined;
  }
}
