import type { KeyEntry, Metadata } from '../core/metadata.ts';
import { SottoError } from '../errors.ts';
import { recipientIdOf } from './index.ts';
import type { Identity } from './key.ts';
import { findIdentities, type IdentityPlace, type IdentityWorld } from './places.ts';

/** Kinds of key that are tried first (sops `sops.go`, DefaultDecryptionOrder). */
const DEFAULT_ORDER: readonly string[] = ['age', 'pgp'];

/** Where a keyring has its identities from. */
export interface KeyringOptions {
  /** The machine's own places; without it only {@link identities} count. */
  readonly world?: IdentityWorld;
  /** Kinds of key in the order in which they are tried. */
  readonly order?: readonly string[];
  /** Identities besides those that are found in the usual places. */
  readonly identities?: readonly Identity[];
}

interface Attempt {
  readonly entry: KeyEntry;
  readonly problems: readonly string[];
}

/** Recovers data keys. Places are looked at once, however many files there are. */
export class Keyring {
  readonly #options: KeyringOptions;
  readonly #order: readonly string[];
  #places: Promise<readonly IdentityPlace[]> | undefined;

  /** @throws SottoError `order-duplicate` */
  constructor(options: KeyringOptions) {
    this.#options = options;
    this.#order = options.order ?? DEFAULT_ORDER;
    const repeated = this.#order.find((kind, index) => this.#order.indexOf(kind) !== index);
    if (repeated !== undefined)
      throw new SottoError('order-duplicate', `Duplicate decryption key type: ${repeated}`);
  }

  /**
   * The data key of a file.
   *
   * @throws SottoError `no-key-fits`, with every recipient and every place that was looked at
   */
  async open({ groups }: Metadata): Promise<Uint8Array> {
    if (groups.length > 1) {
      throw new SottoError('not-supported', 'files with several key groups are not supported yet', {
        exit: 128,
        hint: 'recipients of one group open such a file only together; use sops for it for now',
      });
    }
    if (groups.every((group) => group.length === 0)) {
      throw new SottoError('metadata-invalid', 'No keys found in file', {
        hint: 'its metadata names no recipients, so nobody can open it; restore the file from git',
      });
    }
    const attempts: Attempt[] = [];
    const entries = sortedBy(this.#order, groups[0] ?? []);
    for (const entry of entries) {
      const result = await this.#try(entry);
      if (result instanceof Uint8Array) return result;
      attempts.push({ entry, problems: result });
    }
    throw await this.#failure(attempts);
  }

  async #try(entry: KeyEntry): Promise<Uint8Array | string[]> {
    const { identities = [] } = this.#options;
    const usual = entry.kind === 'age' ? (await this.#look(entry)).flatMap((place) => place.identities) : [];
    const fitting = [...identities, ...usual].filter(({ kind }) => kind === entry.kind);
    if (fitting.length === 0 && entry.kind !== 'age') return [`${entry.kind} keys are not supported yet`];
    const problems: string[] = [];
    for (const identity of fitting) {
      try {
        const dataKey = await identity.unwrap(entry);
        if (dataKey !== null) return dataKey;
      } catch (error) {
        problems.push(`${identity.source}: ${error instanceof Error ? error.message : 'failed'}`);
      }
    }
    return problems;
  }

  /** A key command gets the recipient, so with one there is a look for each entry. */
  async #look(entry: KeyEntry): Promise<readonly IdentityPlace[]> {
    const { world } = this.#options;
    if (world === undefined) return [];
    const command = world.environment['SOPS_AGE_KEY_CMD'];
    if (command !== undefined && command !== '') return findIdentities(world, recipientIdOf(entry));
    this.#places ??= findIdentities(world, '');
    return this.#places;
  }

  async #failure(attempts: readonly Attempt[]): Promise<SottoError> {
    const lines = ['Failed to get the data key required to decrypt the SOPS file.', '', 'Group 0: FAILED'];
    for (const { entry, problems } of attempts) {
      lines.push(`  ${recipientIdOf(entry)}: FAILED`);
      const reasons = problems.length === 0 ? ['no identity fits'] : [...new Set(problems)];
      for (const reason of reasons) lines.push(`    - | ${reason}`);
    }
    if (attempts.length === 0) lines.push('  the file has no recipients');
    const places = await this.#look({ kind: 'age', fields: {} });
    if (places.length > 0) lines.push('', 'Looked for identities in:', ...places.map(describe));
    lines.push('', 'Recovery failed because no master key was able to decrypt the file.');
    return new SottoError('no-key-fits', lines.join('\n'), {
      hint: 'set SOPS_AGE_KEY_FILE to a file with one of these keys, or ask someone who can open the file to add yours (sotto updatekeys)',
    });
  }
}

function describe({ name, identities, problem, isThere }: IdentityPlace): string {
  if (problem !== '') return `  ${name}: ${problem}`;
  if (!isThere) return `  ${name}: not there`;
  return `  ${name}: ${identities.map(({ recipient }) => recipient).join(', ')}`;
}

/** Kinds in the order come first, in that order; the others keep theirs. */
function sortedBy(order: readonly string[], entries: readonly KeyEntry[]): KeyEntry[] {
  const rank = ({ kind }: KeyEntry): number => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}
