import { decodeBech32 } from '../bech32.ts';
import { once, type WrappedFileKey } from '../file-key.ts';
import type { Stanza } from '../stanza.ts';
import type { PluginHost } from './session.ts';
import type { PluginPlan, PluginUnwrapping, PluginWrapping } from './tasks.ts';

/**
 * The plugins of a run. A plugin takes all its work first and answers then, so it can't be kept running from file to
 * file; instead it is started once with everything that is to come.
 */
export class Plugins {
  readonly #host: PluginHost;
  readonly #identities = new Map<string, Set<string>>();
  readonly #unwrapping = new Map<string, PluginUnwrapping>();
  readonly #wrapping = new Map<string, PluginWrapping>();
  #plan: () => Promise<PluginPlan> = async () => ({ headers: [], files: 0 });
  #turn: Promise<unknown> = Promise.resolve();

  constructor(host: PluginHost) {
    this.#host = host;
  }

  /** Say how to find out what is to come; that is only done when a plugin is started. */
  expect(plan: () => Promise<PluginPlan>): void {
    this.#plan = once(plan);
  }

  /** Make an identity known to its plugin, which gets all its identities at once. */
  addIdentity(name: string, identity: string): void {
    this.#identitiesOf(name).add(identity);
  }

  /**
   * The file key that a plugin finds in the header of a file.
   *
   * @returns `null` when the file is for none of the plugin's identities
   * @throws Error that names the plugin
   */
  unwrap(name: string, stanzas: readonly Stanza[]): Promise<Uint8Array | null> {
    return this.#inTurn(async () => {
      const unwrapping = this.#unwrapping.get(name) ?? (await this.#newUnwrapping(name));
      this.#unwrapping.set(name, unwrapping);
      return unwrapping.unwrap(stanzas, this.#plan);
    });
  }

  /** A new file key, wrapped by a plugin for a recipient. @throws Error that names the plugin */
  newFileKey(name: string, recipient: string): Promise<WrappedFileKey> {
    return this.#inTurn(async () => {
      const wrapping = this.#wrapping.get(recipient) ?? (await this.#newWrapping(name, recipient));
      this.#wrapping.set(recipient, wrapping);
      return wrapping.take(this.#plan);
    });
  }

  /** One after the other: two plugins that ask for something at a time would confuse people. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #identitiesOf(name: string): Set<string> {
    const identities = this.#identities.get(name) ?? new Set();
    this.#identities.set(name, identities);
    return identities;
  }

  /** Few people have plugins, so what speaks to them is only loaded for those. */
  async #newUnwrapping(name: string): Promise<PluginUnwrapping> {
    const { PluginUnwrapping: Unwrapping } = await import('./tasks.ts');
    return new Unwrapping(this.#host, name, this.#identitiesOf(name));
  }

  async #newWrapping(name: string, recipient: string): Promise<PluginWrapping> {
    const { PluginWrapping: Wrapping } = await import('./tasks.ts');
    return new Wrapping(this.#host, name, recipient);
  }
}

// How recipients and identities name the plugin that they are for (C2SP age-plugin.md).
const NAME = /^[a-z0-9+\-._]+$/;
const RECIPIENT = /^age1(.*)$/;
const IDENTITY = /^age-plugin-(.*)-$/;

/** The plugin that a recipient `age1NAME1…` is for. @throws Error when it is damaged */
export function pluginNameOfRecipient(text: string): string {
  return nameIn(text, RECIPIENT);
}

/** The plugin that an identity `AGE-PLUGIN-NAME-1…` is for. @throws Error, without the identity, when it is damaged */
export function pluginNameOfIdentity(text: string): string {
  return nameIn(text, IDENTITY);
}

/** The name becomes part of a program's name, so nothing but what the specification allows may stand in it. */
function nameIn(text: string, pattern: RegExp): string {
  const name = pattern.exec(decodeBech32(text).prefix)?.[1] ?? '';
  if (!NAME.test(name)) throw new Error('it names no plugin');
  return name;
}
