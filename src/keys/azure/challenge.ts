import type { KeyHost } from '../host.ts';
import type { HttpRequest } from '../http.ts';
import { KmsFailure } from '../kms-failure.ts';
import { askService } from '../service-call.ts';

/** What a vault wants a token for. */
export interface Challenge {
  readonly scope: string;
  /** The tenant that its users are of. */
  readonly tenant: string | undefined;
}

const CHALLENGES = new WeakMap<KeyHost, Map<string, Promise<Challenge>>>();

/** What a vault wants, which it says to a request without a token; it is asked once. @throws Error */
export function challengeOf(request: Pick<HttpRequest, 'method' | 'url'>, host: KeyHost): Promise<Challenge> {
  const known = CHALLENGES.get(host) ?? new Map<string, Promise<Challenge>>();
  CHALLENGES.set(host, known);
  const { origin } = request.url;
  const challenge = known.get(origin) ?? fetchChallenge(request, host);
  known.set(origin, challenge);
  return challenge;
}

export function forgetChallenges(host: KeyHost): void {
  CHALLENGES.delete(host);
}

/** For messages. */
export function serviceAt({ host }: URL): string {
  return `Azure Key Vault at ${host}`;
}

async function fetchChallenge(
  { method, url }: Pick<HttpRequest, 'method' | 'url'>,
  host: KeyHost,
): Promise<Challenge> {
  const service = serviceAt(url);
  const call = { service, method, url, headers: {}, secrets: [], saidBy: () => undefined };
  const { status, headers } = await askService({ ...call, advice: () => undefined }, host);
  const text = headers['www-authenticate'] ?? '';
  const resource = /\bresource="([^"]*)"/i.exec(text)?.[1] ?? /\bscope="([^"]*)"/i.exec(text)?.[1];
  const authority = /\bauthorization(?:_uri)?="([^"]*)"/i.exec(text)?.[1] ?? '';
  if (resource === undefined)
    throw new KmsFailure(`${service}: status ${status}, and no word of what token it wants`, {
      code: 'kms-answer-invalid',
    });
  const audience = ownAudience(resource, url, service);
  const tenant = URL.canParse(authority) ? new URL(authority).pathname.split('/')[1] : undefined;
  return {
    scope: `${audience}/.default`,
    tenant: tenant || undefined,
  };
}

/**
 * Whom the token is for that a server wants. It gets tokens for itself alone: not those of a vault, or of all of a
 * subscription, because a file names it.
 *
 * @returns `https://DOMAIN`, the server's or one above it: names of Azure without a server in them are those of others
 * @throws Error
 */
function ownAudience(resource: string, url: URL, service: string): string {
  const audience = URL.canParse(resource) ? new URL(resource) : undefined;
  if (audience?.protocol === 'https:' && url.host.endsWith(`.${audience.host}`)) return audience.origin;
  throw new KmsFailure(`${service} wants a token that is for another server; it is not sent there`, {
    code: 'kms-untrusted',
  });
}
