import type { Metadata } from '../core/sops/metadata.ts';
import type { Auditor } from './auditor.ts';
import type { Keyring, OpenedKey } from './keyring.ts';

/** A keyring that remembers: many versions of a file have one data key, and whoever can't open it once can't do so again. */
export class OpenedKeys {
  readonly auditor: Auditor | undefined;
  readonly #keyring: Pick<Keyring, 'open'>;
  readonly #asked = new Map<string, Promise<OpenedKey>>();

  constructor(keyring: Pick<Keyring, 'open' | 'auditor'>) {
    this.auditor = keyring.auditor;
    this.#keyring = keyring;
  }

  /** As {@link Keyring.open}. */
  open(metadata: Metadata): Promise<OpenedKey> {
    const { groups, threshold } = metadata;
    const wrapped = JSON.stringify([
      threshold,
      groups.map((group) => group.map(({ kind, fields }) => [kind, fields])),
    ]);
    const known = this.#asked.get(wrapped) ?? this.#keyring.open(metadata);
    this.#asked.set(wrapped, known);
    return known;
  }
}
