import { join } from 'node:path';
import type { AuthClient } from 'google-auth-library';
import { messageOf } from '../../errors.ts';
import type { KeyHost } from '../host.ts';
import type { NoAnswer } from '../http.ts';
import { type Advice, adviceOnSilence, KmsFailure } from '../kms-failure.ts';
import { inOldForm, loadPackage } from '../package.ts';
import { clean, textAt, timeoutOf } from '../service-call.ts';
import { fetchOn } from './fetch.ts';

/** What lets a request pass, and whose it is. */
export interface Authorization {
  readonly headers: { readonly [name: string]: string };
  /** For messages. */
  readonly identity: string;
  /** What no message may show. */
  readonly secrets: readonly string[];
}

/** Those of sops's REST client. */
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform', 'https://www.googleapis.com/auth/cloudkms'];
const ADC = 'application_default_credentials.json';
const LOGIN = 'gcloud auth application-default login';
/** Fields of files of credentials that are secret. */
const SECRET_FIELDS = ['private_key', 'client_secret', 'refresh_token'];

/** A client keeps its token until that expires: one is fetched in a run, however many keys are asked for. */
const CLIENTS = new WeakMap<KeyHost, Promise<Source>>();

interface Source {
  readonly client: AuthClient;
  readonly identity: string;
  readonly secrets: readonly string[];
  /** Set where a server of tokens did not answer: the library does not say so. */
  readonly silence: { answer?: NoAnswer | undefined };
}

/**
 * Credentials in sops's order: `GOOGLE_CREDENTIALS` (JSON, or the path of a file), `GOOGLE_OAUTH_ACCESS_TOKEN`, and those
 * by default: `GOOGLE_APPLICATION_CREDENTIALS`, what gcloud left behind, the machine's own.
 *
 * @throws Error with nothing secret in it
 */
export async function authorize(host: KeyHost): Promise<Authorization> {
  const token = host.environment['GOOGLE_OAUTH_ACCESS_TOKEN'];
  if (token && !host.environment['GOOGLE_CREDENTIALS']) {
    if (!/^[!-~]+$/.test(token))
      throw new Error('GOOGLE_OAUTH_ACCESS_TOKEN has characters that can not be sent');
    return authorization({ authorization: `Bearer ${token}` }, 'the token of GOOGLE_OAUTH_ACCESS_TOKEN', []);
  }
  const known = CLIENTS.get(host) ?? open(host);
  CLIENTS.set(host, known);
  const { client, identity, secrets, silence } = await known;
  silence.answer = undefined;
  try {
    const headers = Object.fromEntries((await client.getRequestHeaders()).entries());
    return authorization(headers, identity, secrets);
  } catch (error) {
    const said = clean(reasonOf(error), secrets);
    const advice = silence.answer === undefined ? adviceOn(said) : adviceOnSilence(silence.answer);
    throw new KmsFailure(`there is no token for ${identity}: ${said}`, advice);
  }
}

export function forgetCredentials(host: KeyHost): void {
  CLIENTS.delete(host);
}

function authorization(
  headers: { readonly [name: string]: string },
  identity: string,
  secrets: readonly string[],
): Authorization {
  const token = (headers['authorization'] ?? '').replace(/^Bearer /, '');
  return { headers, identity, secrets: [...secrets, ...(token === '' ? [] : [token])] };
}

async function open(host: KeyHost): Promise<Source> {
  const { GoogleAuth, JWT } = await loadPackage(
    ['google-auth-library@10.9.1'],
    inOldForm('google-auth-library', () => import('google-auth-library')),
  );
  const silence: Source['silence'] = {};
  const note = (answer: NoAnswer): void => {
    silence.answer = answer;
  };
  const clientOptions = {
    transporterOptions: { fetchImplementation: fetchOn(host, timeoutOf(host), note) },
  };
  const found = find(host);
  if (found !== undefined) {
    const auth = new GoogleAuth({ scopes: SCOPES, credentials: found.content, clientOptions });
    try {
      const client = await auth.getClient();
      useTransport(client);
      // What a service account signs itself is a token, too; sops fetches one for its REST client alone.
      if (client instanceof JWT)
        client.useJWTAccessWithScope = host.environment['SOPS_GCP_KMS_CLIENT_TYPE']?.toLowerCase() !== 'rest';
      return { client, identity: found.identity, secrets: found.secrets, silence };
    } catch (error) {
      throw new KmsFailure(
        `the credentials of ${found.source} are of no use: ${clean(messageOf(error), found.secrets)}`,
        { code: 'kms-credentials-invalid' },
      );
    }
  }
  try {
    const auth = new GoogleAuth({ scopes: SCOPES, clientOptions });
    const client = await withoutLookupWarning(() => auth.getClient());
    return { client, identity: 'the service account of this machine', secrets: [], silence };
  } catch {
    throw new KmsFailure(
      'there is neither GOOGLE_CREDENTIALS, GOOGLE_OAUTH_ACCESS_TOKEN nor GOOGLE_APPLICATION_CREDENTIALS, no login of gcloud, and no service account of this machine',
      {
        code: 'kms-credentials-missing',
        text: `log in: ${LOGIN}; or set GOOGLE_CREDENTIALS to the file of a service account`,
      },
    );
  }
}

/** Where there is no server of metadata, the package says so on stderr in words of Node; the error says it. */
async function withoutLookupWarning<Result>(look: () => Promise<Result>): Promise<Result> {
  const { emitWarning } = process;
  process.emitWarning = (...said: readonly unknown[]): void => {
    if (said[1] !== 'MetadataLookupWarning') Reflect.apply(emitWarning, process, said);
  };
  try {
    return await look();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** What exchanges tokens of elsewhere is made without the client's own way to the network. */
function useTransport(client: AuthClient): void {
  const exchange: unknown = Reflect.get(client, 'stsCredential');
  if (typeof exchange === 'object' && exchange !== null)
    Reflect.set(exchange, 'transporter', client.transporter);
}

interface Found {
  readonly content: { readonly [name: string]: unknown };
  readonly source: string;
  readonly identity: string;
  readonly secrets: readonly string[];
}

function find(host: KeyHost): Found | undefined {
  const { environment } = host;
  const direct = environment['GOOGLE_CREDENTIALS'];
  if (direct) return parse(read(host, direct) ?? direct, 'GOOGLE_CREDENTIALS');
  const path = environment['GOOGLE_APPLICATION_CREDENTIALS'];
  if (path) {
    const text = read(host, path);
    if (text !== undefined) return parse(text, 'GOOGLE_APPLICATION_CREDENTIALS');
    throw new KmsFailure(`GOOGLE_APPLICATION_CREDENTIALS: ${path} does not exist`, {
      code: 'kms-credentials-missing',
      text: 'name the file of a service account, or of a login',
    });
  }
  const login = join(
    environment['CLOUDSDK_CONFIG'] ||
      (host.platform === 'win32'
        ? join(environment['APPDATA'] ?? '', 'gcloud')
        : join(host.home, '.config/gcloud')),
    ADC,
  );
  const text = read(host, login);
  return text === undefined ? undefined : parse(text, login);
}

/** The text of a file; `undefined` if there is none, or a text is no path. */
function read(host: KeyHost, path: string): string | undefined {
  if (path.trimStart().startsWith('{')) return undefined;
  const bytes = host.readBytes(host.absolute(path));
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

/** @throws Error without anything of the text */
function parse(text: string, source: string): Found {
  const content = jsonOf(text);
  if (content === undefined)
    throw new KmsFailure(`${source} is neither a file that exists nor JSON`, {
      code: 'kms-credentials-invalid',
      text: 'name the file of a service account, or of a login',
    });
  const secrets = SECRET_FIELDS.flatMap((field) => textAt(content, field) ?? []);
  return { content, source, identity: identityIn(content, source), secrets };
}

function jsonOf(text: string): Found['content'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Who asks: a service account by its address, all others by what they are. */
function identityIn(content: unknown, source: string): string {
  const account = textAt(content, 'client_email');
  if (account !== undefined) return clean(`${account} (${source})`, []);
  const kind = textAt(content, 'type');
  const impersonated = /serviceAccounts\/([^/:]+)/.exec(
    textAt(content, 'service_account_impersonation_url') ?? '',
  )?.[1];
  if (impersonated !== undefined) return clean(`${impersonated}, impersonated (${source})`, []);
  if (kind === 'authorized_user') return `the user logged in (${source})`;
  const audience = textAt(content, 'audience');
  return audience === undefined ? `the credentials of ${source}` : clean(`${audience} (${source})`, []);
}

/** What the server of tokens says; it is not in the message of the library's error. */
function reasonOf(error: unknown): string {
  const response: unknown = error instanceof Error ? Reflect.get(error, 'response') : undefined;
  const [code, description] = ['error', 'error_description'].map((name) => textAt(response, 'data', name));
  return description === undefined ? messageOf(error) : `${code}: ${description}`;
}

function adviceOn(said: string): Advice {
  if (/reasonable timeframe|iat|clock/i.test(said))
    return { code: 'kms-clock-skew', text: 'check the clock of this machine' };
  if (/invalid_grant|rapt|expired|revoked/i.test(said))
    return { code: 'kms-credentials-expired', text: `log in again: ${LOGIN}` };
  if (/invalid_client|unauthorized/i.test(said))
    return { code: 'kms-credentials-invalid', text: 'the account, or its key, is not valid any more' };
  return { code: 'kms-credentials-invalid', text: 'check the credentials' };
}
