import { newFileKey } from '../file.ts';
import type { WrappedFileKey } from '../file-key.ts';
import type { Stanza } from '../stanza.ts';
import type { PluginPlan } from './plugins.ts';
import { converse, message, type PluginHost, textOf } from './session.ts';

/**
 * A plugin that wraps for a recipient. The keys of age files are random, and so they can be wrapped before there is
 * anything to encrypt: as many at once as files are to come.
 */
export class PluginWrapping {
  readonly #host: PluginHost;
  readonly #name: string;
  readonly #recipient: string;
  readonly #stock: WrappedFileKey[] = [];
  #failure: Error | undefined;

  constructor(host: PluginHost, name: string, recipient: string) {
    this.#host = host;
    this.#name = name;
    this.#recipient = recipient;
  }

  /** A file key that was not given out before. @throws Error that names the plugin */
  async take(plan: () => Promise<PluginPlan>): Promise<WrappedFileKey> {
    if (this.#stock.length === 0 && this.#failure === undefined)
      await this.#fill(Math.max(1, (await plan()).files));
    const taken = this.#stock.shift();
    if (taken === undefined) throw this.#failure ?? new Error(`age-plugin-${this.#name}: it wrapped nothing`);
    return taken;
  }

  async #fill(count: number): Promise<void> {
    try {
      this.#stock.push(...(await this.#ask(count)));
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error('the plugin failed');
    }
  }

  async #ask(count: number): Promise<WrappedFileKey[]> {
    const files = Array.from({ length: count }, () => ({ fileKey: newFileKey(), stanzas: [] as Stanza[] }));
    const opening = [
      message('add-recipient', [this.#recipient]),
      ...files.map(({ fileKey }) => message('wrap-file-key', [], fileKey)),
      message('extension-labels'),
    ];
    const problems: string[] = [];
    await converse(this.#host, this.#name, 'recipient-v1', opening, ({ type, args, body }) => {
      const [index = '', stanzaType, ...stanzaArgs] = args;
      if (type === 'recipient-stanza') {
        const file = /^(?:0|[1-9]\d*)$/.test(index) ? files[Number(index)] : undefined;
        if (file === undefined || stanzaType === undefined)
          throw new Error('it named a file that it was not given');
        file.stanzas.push({ type: stanzaType, args: stanzaArgs, body });
        return true;
      }
      if (type === 'error') problems.push(textOf(body));
      // Labels say what a stanza may stand beside; each of our files has one recipient.
      return type === 'error' || type === 'labels';
    });
    if (problems.length > 0) throw new Error(`age-plugin-${this.#name}: ${problems.join('; ')}`);
    if (files.some(({ stanzas }) => stanzas.length === 0))
      throw new Error(`age-plugin-${this.#name}: it wrapped nothing`);
    return files;
  }
}
