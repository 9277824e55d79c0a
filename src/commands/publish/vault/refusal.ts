import { SottoError } from '../../../errors.ts';
import type { HttpResponse, NoAnswer } from '../../../keys/http.ts';
import { Masker } from '../../../masking/masker.ts';
import { printable } from '../../../text/printable.ts';

/** A request that went wrong, for messages. */
export interface Attempt {
  readonly method: 'GET' | 'PUT';
  readonly url: URL;
  /** Path of the secret in Vault, as policies name it. */
  readonly path: string;
  readonly hasToken: boolean;
  /** What no message may show. */
  readonly secrets: readonly string[];
}

/** Of what a server says, as much as fits on a few lines. */
const MOST_CHARACTERS = 300;
const NO_TOKEN = 'there is no token: set VAULT_TOKEN, or log in ("bao login", "vault login")';

/** The server answered, and did not do it. */
export function refusal(attempt: Attempt, { status, body }: HttpResponse): SottoError {
  const said = saidBy(body, attempt.secrets);
  return failure(
    attempt,
    said === '' ? `status ${status}` : `${status} ${said}`,
    hintOn(status, said, attempt),
  );
}

/** There was no answer. */
export function silence(attempt: Attempt, { code, message }: NoAnswer): SottoError {
  return failure(attempt, message, hintOnSilence(code, attempt.url));
}

/** @param reason why it did not work; without any secret */
export function failure({ method, url }: Attempt, reason: string, hint: string): SottoError {
  return new SottoError('publish-failed', `${method} ${url.href}: ${reason}`, { hint });
}

/** What a server of Vault says, in its own words: its errors and warnings, on one line. */
export function saidBy(body: string, secrets: readonly string[]): string {
  const masker = new Masker(secrets);
  const text = Buffer.concat([masker.push(Buffer.from(wordsOf(body).join('; '))), masker.end()]).toString();
  return printable(text.trim(), MOST_CHARACTERS);
}

function wordsOf(body: string): string[] {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null) return [];
    return [...listOf('errors', answer), ...listOf('warnings', answer)];
  } catch {
    return [];
  }
}

function listOf(name: string, answer: object): string[] {
  const list: unknown = Reflect.get(answer, name);
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function hintOn(status: number, said: string, { method, path, hasToken }: Attempt): string {
  if (status === 401 || status === 403) {
    if (!hasToken) return NO_TOKEN;
    const capabilities = method === 'GET' ? 'read' : 'create and update';
    return `the token is not valid there, or its policy lacks ${capabilities} on ${path}; VAULT_NAMESPACE counts, too`;
  }
  if (status === 404 || status === 405)
    return 'check vault_kv_mount_name, vault_kv_version and VAULT_NAMESPACE';
  if (status === 400 && /HTTP request to an HTTPS server/i.test(said))
    return 'write the address with https://';
  if (status === 413) return 'the file is larger than the server takes';
  if (status === 429 || status >= 500) return 'the server does not take it now; try again later';
  return 'see what the server says';
}

function hintOnSilence(code: string, { host }: URL): string {
  if (code === 'ETIMEDOUT') return 'VAULT_CLIENT_TIMEOUT says how long to wait';
  if (code === 'EPROTO') return 'if the server has no TLS, write the address with http://';
  if (code === 'HPE_INVALID_CONSTANT') return 'if the server has TLS, write the address with https://';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'VAULT_TLS_SERVER_NAME names the server if its certificate has another name';
  if (/CERT|SIGNATURE|ISSUER/.test(code))
    return `name the authority of the certificate of ${host} in VAULT_CACERT`;
  return 'check VAULT_ADDR and vault_address, and the proxy if there is one (HTTPS_PROXY, NO_PROXY)';
}
