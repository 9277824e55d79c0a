import { nodesAt } from '../../../core/tree/lookup.ts';
import type { MapNode, TreeNode } from '../../../core/tree/tree.ts';
import { SottoError } from '../../../errors.ts';
import type { Io } from '../../../io/io.ts';
import { type HttpResponse, NoAnswer } from '../../../keys/http.ts';
import type { VaultSettings } from '../../../keys/vault/settings.ts';
import { holdsSame, readObject, textsIn } from '../../../operations/held-secret.ts';
import { isPassing, RetryLater } from '../retry.ts';
import { type Attempt, failure, refusal, saidBy, silence } from './refusal.ts';

/** A secret that is to be in Vault. */
export interface Secret {
  /** Where: the mount, in version 2 `data`, and the name. */
  readonly segments: readonly string[];
  /** The version of the secrets engine. */
  readonly version: 1 | 2;
  /** Its values: a JSON object. */
  readonly text: string;
}

type Method = 'GET' | 'PUT';

/** What a server holds. `version` counts the versions of a secret (KV version 2), 0 in front of the first one. */
export interface Held {
  readonly values: TreeNode | undefined;
  readonly version: number;
}

/** A server that does not know yet what another one was told (vault `api/client.go`). */
const NOT_YET = 412;
/** More no secret has. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Where a standby server sends those who ask it. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/** What is said about one secret. */
export class Exchange {
  readonly #secret: Secret;
  readonly #wanted: MapNode | undefined;
  readonly #url: URL;
  readonly #settings: VaultSettings;
  readonly #io: Io;

  constructor(secret: Secret, url: URL, settings: VaultSettings, io: Io) {
    this.#secret = secret;
    this.#wanted = readObject(secret.text);
    this.#url = url;
    this.#settings = settings;
    this.#io = io;
  }

  /** What the server holds; `undefined` if the token may not read it. */
  async read(remaining: () => number): Promise<Held | undefined> {
    const response = await this.#send('GET', undefined, remaining);
    const { status, body } = response;
    if (status === 403 && this.#settings.token !== undefined) return undefined;
    const isAbsent = status === 404 && saidBy(body, []) === '';
    if (status !== 200 && !isAbsent) throw this.#refused('GET', response);
    const root = this.#parse(body);
    const path = this.#secret.version === 1 ? ['data'] : ['data', 'data'];
    const [version] = nodesAt(root, ['data', 'metadata', 'version']);
    return {
      values: isAbsent ? undefined : nodesAt(root, path)[0],
      version: version?.kind === 'value' ? Number(version.value.text) : 0,
    };
  }

  isSame({ values }: Held): boolean {
    const wanted = this.#wanted;
    return (
      wanted !== undefined && values !== undefined && holdsSame(wanted, values, this.#secret.version === 2)
    );
  }

  async write(held: Held | undefined, remaining: () => number): Promise<void> {
    const { text, version } = this.#secret;
    const response = await this.#send('PUT', version === 1 ? text : `{"data":${text}}`, remaining);
    if (response.status === 400 && held !== undefined && /check-and-set/.test(response.body)) {
      const body = `{"options":{"cas":${held.version}},"data":${text}}`;
      this.#checkWritten(await this.#send('PUT', body, remaining));
      return;
    }
    this.#checkWritten(response);
  }

  #checkWritten(response: HttpResponse): void {
    const { status } = response;
    if (status !== 200 && status !== 204) throw this.#refused('PUT', response);
    // Version 1 takes what is meant for version 2, with a wrapper around it and "data" in front of its name.
    if (this.#secret.version === 2 && status === 204)
      throw failure(
        this.#attempt('PUT'),
        'written, but not as version 2 of KV does it',
        `set vault_kv_version: 1, and delete ${this.#secret.segments.join('/')}`,
      );
  }

  async #send(method: Method, body: string | undefined, remaining: () => number): Promise<HttpResponse> {
    const response = await this.#ask(method, this.#url, body, remaining);
    const answer = REDIRECTS.has(response.status)
      ? await this.#ask(method, this.#redirected(method, response), body, remaining)
      : response;
    if (answer.status === NOT_YET || isPassing(answer.status))
      throw new RetryLater(this.#refused(method, answer), answer.headers['retry-after']);
    return answer;
  }

  async #ask(
    method: Method,
    url: URL,
    body: string | undefined,
    remaining: () => number,
  ): Promise<HttpResponse> {
    const { token, namespace, tls } = this.#settings;
    const headers = {
      'X-Vault-Request': 'true',
      ...(token === undefined ? {} : { 'X-Vault-Token': token }),
      ...(namespace === undefined ? {} : { 'X-Vault-Namespace': namespace }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    };
    try {
      const timeout = remaining();
      return await this.#io.request({
        method,
        url,
        headers,
        timeout,
        longest: MOST_BYTES,
        tls,
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const known = silence(this.#attempt(method), error);
      throw error.isPassing ? new RetryLater(known) : known;
    }
  }

  /** The token goes to no other host, and not from https to http. */
  #redirected(method: Method, { headers }: HttpResponse): URL {
    const location = headers['location'] ?? '';
    const target = URL.canParse(location, this.#url.href) ? new URL(location, this.#url.href) : undefined;
    const isDowngrade = this.#url.protocol === 'https:' && target?.protocol !== 'https:';
    if (target?.hostname === this.#url.hostname && !isDowngrade) return target;
    throw failure(
      this.#attempt(method),
      `the server sends on to ${target === undefined ? 'nowhere' : target.origin}`,
      'the token is sent to no other host than the one that was named, and not from https to http; if the other one is meant, name it in VAULT_ADDR or vault_address',
    );
  }

  #parse(body: string): MapNode {
    try {
      const root = readObject(body);
      if (root !== undefined) return root;
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
    }
    throw failure(
      this.#attempt('GET'),
      'the answer is not one of Vault',
      'check VAULT_ADDR and vault_address',
    );
  }

  #refused(method: Method, response: HttpResponse): SottoError {
    return refusal(this.#attempt(method), response);
  }

  #attempt(method: Method): Attempt {
    const { token } = this.#settings;
    const values = this.#wanted === undefined ? [] : textsIn(this.#wanted);
    return {
      method,
      url: this.#url,
      path: this.#secret.segments.join('/'),
      hasToken: token !== undefined,
      secrets: token === undefined ? values : [token, ...values],
    };
  }
}
