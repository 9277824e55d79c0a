import { SottoError } from '../errors.ts';
import type { KeyHost } from './host.ts';
import { kindNamed } from './index.ts';
import type { IsNamed, KeyKind, KeyProvider, Plan } from './kind.ts';

/** The kinds of key at work in a run: each is loaded when it is first needed, and remembers what it found. */
export class KeyProviders {
  readonly #host: KeyHost;
  readonly #isNamed: IsNamed;
  readonly #begun = new Map<string, Promise<KeyProvider>>();
  #plan: (() => Promise<Plan>) | undefined;

  constructor(host: KeyHost, isNamed: IsNamed) {
    this.#host = host;
    this.#isNamed = isNamed;
  }

  /** Whether one of those that were needed has its keys elsewhere, so that answers are waited for. */
  get waits(): boolean {
    return [...this.#begun.keys()].some((kind) => kindNamed(kind)?.isLocal === false);
  }

  /** @throws SottoError `not-supported` for a kind that is not known */
  of(kind: string): Promise<KeyProvider> {
    const begun = this.#begun.get(kind) ?? this.#begin(kind);
    this.#begun.set(kind, begun);
    return begun;
  }

  /** Say how to find out what is to come, before the first of many files. */
  expect(plan: () => Promise<Plan>): void {
    this.#plan = plan;
    for (const begun of this.#begun.values())
      begun.then(
        (provider) => provider.expect?.(plan),
        () => undefined, // That is said where it is used.
      );
  }

  /** End a run, in which what was found out holds. */
  async forget(): Promise<void> {
    for (const begun of await Promise.allSettled(this.#begun.values()))
      if (begun.status === 'fulfilled') begun.value.forget?.();
  }

  async #begin(kind: string): Promise<KeyProvider> {
    const provider = await requireKind(kind).provider(this.#host, this.#isNamed);
    if (this.#plan !== undefined) provider.expect?.(this.#plan);
    return provider;
  }
}

/** @throws SottoError `not-supported` */
export function requireKind(name: string): KeyKind {
  const known = kindNamed(name);
  if (known === undefined) throw new SottoError('not-supported', `there is no kind of key called ${name}`);
  return known;
}
