import { hostname } from 'node:os';
import { join } from 'node:path';
import type { KeyHost } from '../host.ts';
import type { SdkHandler } from './handler.ts';
import { credentialsFailure, profileMissing, roleFailure } from './refusal.ts';
import { loadProviders } from './sdk.ts';

/** What the SDK signs requests with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  /** Whose they are, where what gave them says so, as SSO does. */
  readonly accountId?: string;
}

/** Whose credentials requests are signed with. */
export interface Account {
  /** @throws Error with nothing secret in it */
  readonly credentials: () => Promise<AwsCredentials>;
  /** Where they come from, for messages. */
  readonly source: string;
}

interface Settings {
  readonly region: string;
  readonly requestHandler: SdkHandler;
}

/** No warnings on stderr. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
/** New ones are fetched so many milliseconds before they end. */
const EARLY = 60_000;
const LONGEST_NAME = 64;

/**
 * The account that a key is used with, as sops finds it: of the key's profile; else of the environment, and all other
 * places where the SDK looks. A role is taken on with it.
 *
 * @param profile empty for none
 * @param role empty for none
 */
export async function accountFor(
  profile: string,
  role: string,
  settings: Settings,
  host: KeyHost,
): Promise<Account> {
  const { fromEnv, fromNodeProviderChain, fromTemporaryCredentials } = await loadProviders();
  const { environment } = host;
  const hasKeys = environment['AWS_ACCESS_KEY_ID'] && environment['AWS_SECRET_ACCESS_KEY'];
  const clientConfig = { ...settings, logger: SILENT };
  const named = profile || environment['AWS_PROFILE'];
  // The SDK would take AWS_PROFILE first; sops, like all of Go, the keys.
  const takesKeys = profile === '' && hasKeys;
  if (!takesKeys && named) requireProfile(named, host);
  const own: Account = takesKeys
    ? { credentials: fromEnv(), source: 'AWS_ACCESS_KEY_ID' }
    : {
        credentials: fromNodeProviderChain({
          clientConfig,
          logger: SILENT,
          ...(profile === '' ? {} : { profile }),
        }),
        source: named ? `profile ${named}` : 'found by the SDK of AWS',
      };
  const base = kept(own.credentials, host, (error) => credentialsFailure(error, named || undefined));
  if (role === '') return { credentials: base, source: own.source };
  const assumed = fromTemporaryCredentials({
    masterCredentials: base,
    params: { RoleArn: role, RoleSessionName: sessionName() },
    clientConfig,
    logger: SILENT,
  });
  return {
    credentials: kept(assumed, host, (error) => roleFailure(error, role, settings.region)),
    source: `role ${role}`,
  };
}

/**
 * Without a profile of the name the SDK would go on to the account of the machine; sops, like all of Go, does not.
 *
 * @throws KmsFailure
 */
function requireProfile(name: string, host: KeyHost): void {
  const { environment, home } = host;
  const config = environment['AWS_CONFIG_FILE'] || join(home, '.aws', 'config');
  const credentials = environment['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials');
  const isThere =
    sectionsIn(config, host).includes(name === 'default' ? name : `profile ${name}`) ||
    sectionsIn(credentials, host).includes(name);
  if (!isThere) throw profileMissing(name, `${config} or ${credentials}`);
}

/** The names of the sections of an INI file; none where there is no such file. */
function sectionsIn(path: string, host: KeyHost): string[] {
  const text = Buffer.from(host.readBytes(host.absolute(path)) ?? []).toString();
  return [...text.matchAll(/^[ \t]*\[([^\]\n]*)\]/gm)].map(([, name = '']) =>
    name.trim().replace(/^profile\s+/, 'profile '),
  );
}

/** Credentials that are fetched once, until they are about to end. */
function kept(
  fetch: () => Promise<AwsCredentials>,
  host: KeyHost,
  failure: (error: unknown) => Error,
): () => Promise<AwsCredentials> {
  let known: Promise<AwsCredentials> | undefined;
  return async () => {
    const expiration = known === undefined ? undefined : (await known).expiration;
    const isOld = expiration !== undefined && expiration.getTime() - EARLY < host.now().getTime();
    if (known === undefined || isOld)
      known = fetch().catch((error: unknown) => {
        throw failure(error);
      });
    return known;
  };
}

/** As sops names its sessions, so that logs of AWS have one name for both (`kms/keysource.go`, stsSessionName). */
function sessionName(): string {
  return `sops@${hostname().replace(/[^a-zA-Z0-9=,.@-_]+/g, '')}`.slice(0, LONGEST_NAME);
}

function nothing(): void {}
