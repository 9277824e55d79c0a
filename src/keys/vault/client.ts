import type { MetadataMap } from '../../core/sops/metadata.ts';
import type { CloudClient } from '../cloud-client.ts';
import { textIn } from '../entry.ts';
import type { KeyHost } from '../host.ts';
import { type Advice, KmsFailure } from '../kms-failure.ts';
import { callService, clean, refuseAnswer, textAt } from '../service-call.ts';
import { isAllowed, isOwn, originOf } from './allow-list.ts';
import { readVaultSettings } from './settings.ts';

const LOGIN = '"vault login", "bao login"';

/** Wraps data keys with the transit engine of Vault or OpenBao, as sops does (`hcvault/keysource.go`). */
export const vaultClient: CloudClient = {
  async wrap(key, dataKey, host, isNamed) {
    const plaintext = Buffer.from(dataKey).toString('base64');
    const answer = await ask('encrypt', key, { plaintext }, { host, isNamed });
    return textAt(answer, 'data', 'ciphertext') ?? refuseAnswer('Vault');
  },
  async unwrap(key, enc, host, isNamed) {
    const answer = await ask('decrypt', key, { ciphertext: enc }, { host, isNamed });
    return Uint8Array.from(
      Buffer.from(textAt(answer, 'data', 'plaintext') ?? refuseAnswer('Vault'), 'base64'),
    );
  },
  service: (key, host) => serviceAt(targetOf(textIn(key['vault_address']), host)),
  advice: `log in to Vault (${LOGIN}), or set VAULT_TOKEN`,
};

interface Machine {
  readonly host: KeyHost;
  readonly isNamed: boolean;
}

async function ask(
  operation: 'encrypt' | 'decrypt',
  key: MetadataMap,
  body: { readonly [name: string]: string },
  { host, isNamed }: Machine,
): Promise<unknown> {
  const address = textIn(key['vault_address']);
  requireTrusted(address, { host, isNamed });
  const target = targetOf(address, host);
  const { address: base, token, namespace, tls } = readVaultSettings(host, target, () => undefined);
  const path = `${textIn(key['engine_path'])}/${operation}/${textIn(key['key_name'])}`;
  const url = new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}/v1/${pathOf(path)}`);
  return callService(
    {
      service: `${serviceAt(target)}, asked ${holderIn(host, token)}`,
      method: 'PUT',
      url,
      headers: {
        'x-vault-request': 'true',
        ...(token === undefined ? {} : { 'x-vault-token': token }),
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      },
      body: JSON.stringify(body),
      tls,
      secrets: [...(token === undefined ? [] : [token]), ...Object.values(body)],
      saidBy,
      advice: (status, said) => adviceOn(status, said, token !== undefined, path),
    },
    host,
  );
}

/** An agent that stands in front of the server takes all requests (vault `api/client.go`). */
function targetOf(address: string, { environment }: KeyHost): string {
  return environment['VAULT_AGENT_ADDR'] || address;
}

function serviceAt(address: string): string {
  return `Vault at ${originOf(address) ?? clean(address, [])}`;
}

/**
 * A token goes to no server that only an encrypted file names: whoever wrote the file would have it.
 *
 * @throws Error
 */
function requireTrusted(address: string, { host, isNamed }: Machine): void {
  const { environment } = host;
  const allowed = isAllowed(address, environment);
  if (allowed === false)
    throw new KmsFailure(`SOPS_HC_VAULT_ALLOWLIST does not allow ${clean(address, [])}`, {
      code: 'kms-untrusted',
    });
  if (isNamed || allowed === true) return;
  if (isOwn(address, environment)) return;
  throw new KmsFailure(`your token is not sent to ${clean(address, [])}, which only the file names`, {
    code: 'kms-untrusted',
    text: `set VAULT_ADDR=${clean(address, [])} if that is your server, or name the key in a rule of .sops.yaml`,
  });
}

/** Whose token it is: Vault alone knows, but the user knows where it comes from. */
function holderIn({ environment }: KeyHost, token: string | undefined): string {
  if (token === undefined) return 'without a token';
  const where = environment['VAULT_TOKEN'] ? 'VAULT_TOKEN' : '~/.vault-token';
  const namespace = environment['VAULT_NAMESPACE'];
  return `with the token of ${where}${namespace ? ` in namespace ${clean(namespace, [token])}` : ''}`;
}

/** Names stand in a path as they are; what would end it, or leave it, does not. @throws Error */
function pathOf(path: string): string {
  const segments = path.split('/').map((one) => encodeURIComponent(one.toWellFormed()));
  if (segments.some((one) => one === '' || one === '.' || one === '..'))
    throw new Error(`"${path}" is no path of Vault`);
  return segments.join('/');
}

function saidBy(answer: unknown): string | undefined {
  const errors: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'errors') : undefined;
  return Array.isArray(errors) ? errors.filter((one) => typeof one === 'string').join('; ') : undefined;
}

function adviceOn(status: number, said: string, hasToken: boolean, path: string): Advice | undefined {
  if (/missing client token/.test(said) || (!hasToken && status === 403))
    return {
      code: 'kms-credentials-missing',
      text: `set VAULT_TOKEN, or log in (${LOGIN})`,
    };
  if (/invalid token|bad token|token.*expired/i.test(said))
    return { code: 'kms-credentials-expired', text: `get a new token: ${LOGIN}` };
  if (status === 403)
    return {
      code: 'kms-denied',
      text: `the token has expired, or its policy lacks update on ${path}; VAULT_NAMESPACE counts, too`,
    };
  if (/deleted/i.test(said)) return { code: 'kms-key-deleted', text: 'somebody has to restore it' };
  if (/encryption key not found/.test(said))
    return { code: 'kms-key-missing', text: 'the transit engine there has no key of that name' };
  if (status === 404)
    return {
      code: 'kms-key-missing',
      text: 'there is no transit engine at that path; VAULT_NAMESPACE counts, too',
    };
  if (/disallowed by policy/.test(said))
    return {
      code: 'kms-key-disabled',
      text: 'its version is older than the min_decryption_version of the key',
    };
  if (/message authentication failed|invalid ciphertext|version is too new/.test(said))
    return {
      code: 'kms-key-wrong',
      text: 'see in git whether the entry was changed: it was wrapped with another key',
    };
  if (/sealed/i.test(said)) return { code: 'kms-failed', text: 'somebody has to unseal it' };
  return undefined;
}
