import type { Warning } from '../../../core/splice/warning.ts';
import type { Io } from '../../../io/io.ts';
import type { VaultSettings } from '../../../keys/vault/settings.ts';
import { retrying } from '../retry.ts';
import { Exchange, type Secret } from './exchange.ts';

/** A server of Vault or OpenBao. */
export class VaultClient {
  readonly #settings: VaultSettings;
  readonly #io: Io;
  readonly #warn: (warning: Warning) => void;

  constructor(settings: VaultSettings, io: Io, warn: (warning: Warning) => void) {
    this.#settings = settings;
    this.#io = io;
    this.#warn = warn;
  }

  /** The URL of a secret. */
  urlOf({ segments }: Pick<Secret, 'segments'>): URL {
    const { address } = this.#settings;
    const path = segments.map((one) => encodeURI(one.toWellFormed()).replace(/[?#]/g, encodeURIComponent));
    return new URL(`${address.origin}${address.pathname.replace(/\/+$/, '')}/v1/${path.join('/')}`);
  }

  /**
   * Write a secret, unless the server holds the same values. What may pass by itself is tried again, from the reading
   * on: a write whose answer got lost is not made twice.
   *
   * @throws SottoError `publish-failed`
   */
  async put(secret: Secret): Promise<'written' | 'unchanged'> {
    const { retries, timeout } = this.#settings;
    const exchange = new Exchange(secret, this.urlOf(secret), this.#settings, this.#io);
    let isSent = false;
    return retrying({ retries, timeout }, this.#io, async (remaining) => {
      const held = await exchange.read(remaining);
      if (held !== undefined && exchange.isSame(held)) return isSent ? 'written' : 'unchanged';
      isSent = true;
      await exchange.write(held, remaining);
      if (held === undefined) this.#warn(unreadable(secret));
      return 'written';
    });
  }
}

function unreadable({ segments }: Secret): Warning {
  return {
    message: `the token may not read ${segments.join('/')}; it is written even if nothing has changed`,
    hint: 'where the policy has read, nothing is written that is there already',
  };
}
