import { FILE_KEY_LENGTH, newFileKey, type WrappedFileKey } from '../file-key.ts';
import { printStanza, type Stanza } from '../stanza.ts';
import { converse, message, type PluginHost, textOf } from './session.ts';

const NOT_GIVEN = 'it named a file that it was not given';

/** What is to come in this run, so that a plugin can do all of it at once. */
export interface PluginPlan {
  /** Headers of files that will be opened. */
  readonly headers: readonly (readonly Stanza[])[];
  /** How many files may be made. */
  readonly files: number;
}

/** What a plugin made of a file's header: the file key, `null` if it is for none of its identities, or the reason why not. */
type Outcome = Uint8Array | null | Error;

/** A plugin that unwraps: it gets all headers that are to come at once, and what it says is remembered. */
export class PluginUnwrapping {
  readonly #host: PluginHost;
  readonly #name: string;
  readonly #identities: ReadonlySet<string>;
  /** How many identities the plugin had when it was asked. */
  #known = 0;
  readonly #outcomes = new Map<string, Outcome>();
  /** A plugin that failed as a whole is not started again: it would ask the same, and fail again. */
  #failure: Error | undefined;

  /** @param identities of the plugin; others may join later */
  constructor(host: PluginHost, name: string, identities: ReadonlySet<string>) {
    this.#host = host;
    this.#name = name;
    this.#identities = identities;
  }

  /** @throws Error that names the plugin */
  async unwrap(stanzas: readonly Stanza[], plan: () => Promise<PluginPlan>): Promise<Uint8Array | null> {
    const header = headerOf(stanzas);
    await this.#learn(header, stanzas, plan);
    const outcome = this.#outcomes.get(header) ?? this.#failure ?? null;
    if (outcome instanceof Error) throw outcome;
    // A copy: whoever opens the file zeroes its key.
    return outcome === null ? null : Uint8Array.from(outcome);
  }

  async #learn(header: string, stanzas: readonly Stanza[], plan: () => Promise<PluginPlan>): Promise<void> {
    if (this.#identities.size > this.#known) this.#forgetMisses();
    if (this.#outcomes.has(header) || this.#failure !== undefined) return;
    const files = new Map([[header, stanzas]]);
    for (const other of (await plan()).headers) {
      const key = headerOf(other);
      if (!this.#outcomes.has(key)) files.set(key, other);
    }
    try {
      for (const [key, outcome] of await this.#ask(files)) this.#outcomes.set(key, outcome);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error('the plugin failed');
    }
  }

  /** Another identity may open what the others did not. */
  #forgetMisses(): void {
    for (const [header, outcome] of this.#outcomes) if (outcome === null) this.#outcomes.delete(header);
    this.#known = this.#identities.size;
  }

  async #ask(files: ReadonlyMap<string, readonly Stanza[]>): Promise<Map<string, Outcome>> {
    const headers = [...files.keys()];
    const outcomes = new Map<string, Outcome>(headers.map((header) => [header, null]));
    const opening = [
      ...[...this.#identities].map((identity) => message('add-identity', [identity])),
      ...[...files.values()].flatMap((stanzas, index) =>
        stanzas.map(({ type, args, body }) => message('recipient-stanza', [`${index}`, type, ...args], body)),
      ),
    ];
    const problems: string[] = [];
    await converse(this.#host, this.#name, 'identity-v1', opening, ({ type, args, body }) => {
      if (type === 'file-key') {
        const header = fileAt(headers, args[0]);
        if (
          body.length !== FILE_KEY_LENGTH ||
          args.length !== 1 ||
          outcomes.get(header) instanceof Uint8Array
        )
          throw new Error('it gave a file key that is not as it has to be');
        outcomes.set(header, body);
        return true;
      }
      if (type !== 'error') return false;
      const text = textOf(body);
      if (args[0] === 'stanza') outcomes.set(fileAt(headers, args[1]), this.#error(text));
      else problems.push(text);
      return true;
    });
    if (problems.length === 0) return outcomes;
    const failure = this.#error(problems.join('; '));
    this.#failure = failure;
    // An identity that can't be used may be one of several: what others opened counts.
    return new Map([...outcomes].map(([header, outcome]) => [header, outcome ?? failure]));
  }

  #error(text: string): Error {
    return new Error(`age-plugin-${this.#name}: ${text}`);
  }
}

/** The file that a plugin means by its number. @throws Error for one that it was not given */
function fileAt<File>(files: readonly File[], index = ''): File {
  const file = /^(?:0|[1-9]\d*)$/.test(index) ? files[Number(index)] : undefined;
  if (file === undefined) throw new Error(NOT_GIVEN);
  return file;
}

function headerOf(stanzas: readonly Stanza[]): string {
  return stanzas.map(printStanza).join('');
}

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
      if (type === 'recipient-stanza') {
        const [index, stanzaType, ...stanzaArgs] = args;
        const { stanzas } = fileAt(files, index);
        if (stanzaType === undefined) throw new Error(NOT_GIVEN);
        stanzas.push({ type: stanzaType, args: stanzaArgs, body });
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
