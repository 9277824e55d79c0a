import type { TokenCredential } from '@azure/identity';
import { messageOf } from '../../errors.ts';
import { within } from '../deadline.ts';
import type { KeyHost } from '../host.ts';
import type { NoAnswer } from '../http.ts';
import { adviceOnSilence, KmsFailure } from '../kms-failure.ts';
import { inOldForm, loadPackage } from '../package.ts';
import { clean, textAt, timeoutOf } from '../service-call.ts';
import { adviceOnToken } from './advice.ts';
import type { Challenge } from './challenge.ts';
import { httpClientOn } from './http-client.ts';

/** What lets a request pass, and whose it is. */
export interface Token {
  readonly token: string;
  /** For messages. */
  readonly identity: string;
}

interface KnownToken extends Token {
  readonly end: number;
}

/** A token is not used in its last two minutes. */
const EARLY = 120_000;
/** Variables whose values no message may show. */
const SECRETS = ['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PASSWORD', 'AZURE_PASSWORD'];

interface Wallet {
  readonly credential: TokenCredential;
  readonly tokens: Map<string, Promise<KnownToken>>;
  /** Set where a server of tokens did not answer: the package does not say so. */
  readonly silence: { answer?: NoAnswer | undefined };
}

const WALLETS = new WeakMap<KeyHost, Promise<Wallet>>();

/**
 * A token for a vault, as sops gets it: by variables of an app, workload identity, the identity of the machine, or the
 * login of `az` or `azd`. There is one for a run, however many keys are asked for.
 *
 * @throws Error with nothing secret in it
 */
export async function tokenFor({ scope, tenant }: Challenge, host: KeyHost): Promise<Token> {
  const opened = WALLETS.get(host) ?? open(host);
  WALLETS.set(host, opened);
  const { tokens, ...wallet } = await opened;
  const name = JSON.stringify([scope, tenant]);
  const known = tokens.get(name);
  if (known !== undefined && (await known).end - EARLY > host.now().getTime()) return known;
  const fresh = fetchToken(wallet, { scope, tenant }, host);
  tokens.set(name, fresh);
  return fresh;
}

export function forgetTokens(host: KeyHost): void {
  WALLETS.delete(host);
}

async function open(host: KeyHost): Promise<Wallet> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await loadPackage(
    ['@azure/identity@4.13.1'],
    inOldForm('@azure/identity', () => import('@azure/identity')),
  );
  const silence: Wallet['silence'] = {};
  const note = (answer: NoAnswer): void => {
    silence.answer = answer;
  };
  const options = { httpClient: httpClientOn(host, note) };
  const { AZURE_TOKEN_CREDENTIALS: chosen, AZURE_CLIENT_ID: clientId } = host.environment;
  // The chain forgets its options where it is to be this one alone.
  const isOfMachine = chosen?.toLowerCase() === 'managedidentitycredential';
  const credential = isOfMachine
    ? new ManagedIdentityCredential({ ...options, ...(clientId ? { clientId } : {}) })
    : new DefaultAzureCredential(options);
  return { credential, tokens: new Map(), silence };
}

async function fetchToken(
  { credential, silence }: Pick<Wallet, 'credential' | 'silence'>,
  { scope, tenant }: Challenge,
  host: KeyHost,
): Promise<KnownToken> {
  const late = AbortSignal.timeout(timeoutOf(host));
  const secrets = SECRETS.flatMap((name) => host.environment[name] || []);
  silence.answer = undefined;
  try {
    const answer = await within(
      late,
      credential.getToken(scope, {
        abortSignal: late,
        enableCae: true,
        ...(tenant === undefined ? {} : { tenantId: tenant }),
      }),
    );
    if (answer === null) throw new Error('there is none');
    return { token: answer.token, identity: holderOf(answer.token), end: answer.expiresOnTimestamp };
  } catch (error) {
    const reason = `there is no token of Azure: ${clean(saidBy(error), secrets)}`;
    if (error instanceof KmsFailure) throw new KmsFailure(reason, error.asAdvice());
    const { answer } = silence;
    throw new KmsFailure(
      reason,
      answer === undefined ? adviceOnToken(messageOf(error)) : adviceOnSilence(answer),
    );
  }
}

/** Of each way that was tried, what is the matter with it; what to do about all of them would fill a page. */
function saidBy(error: unknown): string {
  const tried: unknown = error instanceof Error ? Reflect.get(error, 'errors') : undefined;
  if (!Array.isArray(tried)) return messageOf(error);
  return tried.map((one) => messageOf(one).replace(/(?:\. |\n)[\s\S]*$|\.$/, '')).join('; ');
}

/** Whose a token is, as it says itself; for messages only. */
function holderOf(token: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const user = textAt(claims, 'upn') ?? textAt(claims, 'unique_name');
    if (user !== undefined) return clean(user, []);
    const app = textAt(claims, 'appid') ?? textAt(claims, 'azp');
    if (app !== undefined) return clean(`app ${app}`, []);
  } catch {
    // A token has no form that one could count on.
  }
  return 'the holder of the token';
}
