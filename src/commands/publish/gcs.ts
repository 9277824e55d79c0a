import { randomUUID } from 'node:crypto';
import { messageOf, SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { type Authorization, authorize } from '../../keys/gcp/credentials.ts';
import { type HttpRequest, type HttpResponse, NoAnswer } from '../../keys/http.ts';
import { KmsFailure } from '../../keys/kms-failure.ts';
import { clean, textAt, timeoutOf } from '../../keys/service-call.ts';
import { type Bucket, type BucketObject, type Held, STAMP } from './bucket.ts';
import { isPassing, RetryLater } from './retry.ts';

/** What Google's own clients read, for a service that speaks its protocol; it gets no token. */
const EMULATOR = 'STORAGE_EMULATOR_HOST';
const SERVICE = 'https://storage.googleapis.com';
const LOGIN =
  'log in: gcloud auth application-default login; or set GOOGLE_CREDENTIALS or GOOGLE_APPLICATION_CREDENTIALS';

/** A bucket of Google Cloud Storage, over its JSON API. */
export class GcsBucket implements Bucket {
  readonly #name: string;
  readonly #prefix: string;
  readonly #io: Io;
  /** What no message may show. */
  #secrets: readonly string[] = [];

  constructor(name: string, prefix: string, io: Io) {
    this.#name = name;
    this.#prefix = prefix;
    this.#io = io;
  }

  /** As sops writes it. */
  urlOf(name: string): string {
    return `gcs://${this.#name}/${this.#prefix}${name}`;
  }

  async read(name: string): Promise<Held> {
    const path = `/storage/v1/b/${part(this.#name)}/o/${part(this.#prefix + name)}?fields=metadata`;
    const answer = await this.#ask(name, { method: 'GET', path });
    if (answer.status === 404) return 'nothing';
    if (answer.status === 403) return 'unreadable';
    if (answer.status !== 200) throw this.#refused('GET', name, answer);
    return { stamp: textAt(jsonOf(answer.body), 'metadata', STAMP) };
  }

  async write({ name, text, stamp }: BucketObject): Promise<void> {
    const path = `/upload/storage/v1/b/${part(this.#name)}/o?uploadType=multipart&fields=name`;
    const boundary = randomUUID();
    const about = JSON.stringify({ name: this.#prefix + name, metadata: { [STAMP]: stamp } });
    const body = [
      `--${boundary}\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${about}`,
      `--${boundary}\r\ncontent-type: text/plain; charset=utf-8\r\n\r\n${text}`,
      `--${boundary}--\r\n`,
    ].join('\r\n');
    const answer = await this.#ask(name, {
      method: 'POST',
      path,
      body,
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    });
    if (answer.status !== 200) throw this.#refused('POST', name, answer);
  }

  async #ask(
    name: string,
    { method, path, body, headers }: Pick<HttpRequest, 'method' | 'body'> & Partial<Asked> & { path: string },
  ): Promise<HttpResponse> {
    const failed = (reason: string, hint: string): SottoError => this.#failure(method, name, reason, hint);
    const { origin, authorization } = await this.#reach(failed);
    this.#secrets = authorization?.secrets ?? [];
    let answer: HttpResponse;
    try {
      answer = await this.#io.request({
        method,
        url: new URL(`${origin}${path}`),
        headers: { ...authorization?.headers, ...headers },
        timeout: timeoutOf(this.#io),
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const known = failed(
        clean(error.message, this.#secrets),
        'check the network, and the proxy if there is one (HTTPS_PROXY, NO_PROXY)',
      );
      throw error.isPassing ? new RetryLater(known) : known;
    }
    if (isPassing(answer.status))
      throw new RetryLater(this.#refused(method, name, answer), answer.headers['retry-after']);
    return answer;
  }

  async #reach(
    failed: (reason: string, hint: string) => SottoError,
  ): Promise<{ readonly origin: string; readonly authorization?: Authorization }> {
    const emulator = this.#io.environment[EMULATOR];
    if (emulator) {
      const text = /^https?:\/\//i.test(emulator) ? emulator : `http://${emulator}`;
      if (URL.canParse(text)) return { origin: new URL(text).origin };
      throw failed(`${EMULATOR} names no server`, 'it looks like 127.0.0.1:4443');
    }
    try {
      return { origin: SERVICE, authorization: await authorize(this.#io) };
    } catch (error) {
      const known = error instanceof KmsFailure ? error : undefined;
      throw failed(known?.reason ?? messageOf(error), known?.advice ?? LOGIN);
    }
  }

  #refused(method: string, name: string, { status, body }: HttpResponse): SottoError {
    const said = clean(textAt(jsonOf(body), 'error', 'message') ?? '', this.#secrets);
    return this.#failure(
      method,
      name,
      said === '' ? `status ${status}` : `${status} ${said}`,
      hintOn(status),
    );
  }

  #failure(method: string, name: string, reason: string, hint: string): SottoError {
    return new SottoError('publish-failed', `${method} ${this.urlOf(name)}: ${reason}`, { hint });
  }
}

type Asked = Pick<HttpRequest, 'headers'>;

function part(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hintOn(status: number): string {
  if (status === 404) return 'check gcs_bucket: there is no bucket of that name';
  if (status === 401) return 'the token is not valid any more: gcloud auth application-default login';
  if (status === 403)
    return 'who asks needs the role roles/storage.objectUser on the bucket (with objectCreator alone, nothing that is there can be replaced)';
  return 'see what the service says; later it may take it';
}
