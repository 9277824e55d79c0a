import { once, type WrappedFileKey } from '../file-key.ts';
import type { Stanza } from '../stanza.ts';
import type { PluginWorld } from './session.ts';
import { PluginUnwrapping } from './unwrapping.ts';
import { PluginWrapping } from './wrapping.ts';

/** What is to come in this run, so that a plugin can do all of it at once. */
export interface Foresight {
  /** Headers of files that will be opened. */
  readonly headers: readonly (readonly Stanza[])[];
  /** How many files may be made. */
  readonly files: number;
}

/**
 * The plugins of a run. A plugin takes all its work first and answers then, so it can't be kept running from file to
 * file; instead it is started once with everything that is foreseen.
 */
export class Plugins {
  readonly #world: PluginWorld;
  readonly #unwrapping = new Map<string, PluginUnwrapping>();
  readonly #wrapping = new Map<string, PluginWrapping>();
  #foresight: () => Promise<Foresight> = async () => ({ headers: [], files: 0 });
  #turn: Promise<unknown> = Promise.resolve();

  constructor(world: PluginWorld) {
    this.#world = world;
  }

  /** Say how to find out what is to come; that is only done when a plugin is started. */
  foresee(look: () => Promise<Foresight>): void {
    this.#foresight = once(look);
  }

  /** Make an identity known to its plugin, which gets all its identities at once. */
  addIdentity(name: string, identity: string): void {
    this.#unwrappingOf(name).add(identity);
  }

  /**
   * The file key that a plugin finds in the header of a file.
   *
   * @returns `null` when the file is for none of the plugin's identities
   * @throws Error that names the plugin
   */
  unwrap(name: string, stanzas: readonly Stanza[]): Promise<Uint8Array | null> {
    return this.#inTurn(() => this.#unwrappingOf(name).unwrap(stanzas, this.#foresight));
  }

  /** A new file key, wrapped by a plugin for a recipient. @throws Error that names the plugin */
  newFileKey(name: string, recipient: string): Promise<WrappedFileKey> {
    const wrapping = this.#wrapping.get(recipient) ?? new PluginWrapping(this.#world, name, recipient);
    this.#wrapping.set(recipient, wrapping);
    return this.#inTurn(() => wrapping.take(this.#foresight));
  }

  /** One after the other: two plugins that ask for something at a time would confuse people. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #unwrappingOf(name: string): PluginUnwrapping {
    const unwrapping = this.#unwrapping.get(name) ?? new PluginUnwrapping(this.#world, name);
    this.#unwrapping.set(name, unwrapping);
    return unwrapping;
  }
}
