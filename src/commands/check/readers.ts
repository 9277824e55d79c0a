import type { CreationRule } from '../../config/config.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { RecipientName } from '../../keys/index.ts';
import { Keyring } from '../../keys/keyring.ts';
import type { SealedContext } from '../../operations/check/check-sealed.ts';
import type { RuleTerms } from '../../operations/rule-differences.ts';

type Strength = Awaited<ReturnType<SealedContext['strengthOf']>>;

/** Kinds whose recipients can be told by looking at them. */
const KNOWN: ReadonlySet<string> = new Set(['age', 'pgp']);

/** Recipients, looked at once each, however many files have them. No key is used, and nobody is asked. */
export class Readers {
  readonly #keyring: Keyring;
  readonly #known = new Map<string, Strength>();
  readonly #terms = new WeakMap<CreationRule, RuleTerms>();

  constructor(io: Io) {
    this.#keyring = new Keyring({ host: io, services: [], order: undefined, refusal: 'no keys are used' });
  }

  /** As in {@link SealedContext}. */
  async strengthOf({ kind, id }: RecipientName): Promise<Strength> {
    const key = `${kind} ${id}`;
    const known = this.#known.get(key) ?? (await this.#look(kind, id));
    this.#known.set(key, known);
    return known;
  }

  async #look(kind: string, id: string): Promise<Strength> {
    if (!KNOWN.has(kind)) return 'classic';
    try {
      const { isPostQuantum } = await this.#keyring.recipient({ kind, id });
      return isPostQuantum === true ? 'post-quantum' : 'classic';
    } catch (error) {
      if (error instanceof SottoError) return { problem: error.message };
      throw error;
    }
  }

  /** What a rule wants of a file. Recipients that are malformed name nobody. */
  async termsOf(rule: CreationRule): Promise<RuleTerms> {
    const known = this.#terms.get(rule) ?? (await this.#read(rule));
    this.#terms.set(rule, known);
    return known;
  }

  async #read({ groups, ...others }: CreationRule): Promise<RuleTerms> {
    if (groups.flat().length === 0) return others;
    const read: RecipientName[][] = [];
    for (const group of groups) {
      const names: RecipientName[] = [];
      for (const name of group) {
        try {
          names.push(await this.#keyring.recipient(name));
        } catch (error) {
          if (!(error instanceof SottoError)) throw error;
        }
      }
      read.push(names);
    }
    return { ...others, groups: read };
  }
}
