import { messageOf, SottoError } from '../../errors.ts';
import type { KeyHost } from '../host.ts';
import type { TlsSettings } from '../http.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----';

/**
 * Settings of TLS by Vault's own variables: `VAULT_CACERT`, `VAULT_CACERT_BYTES`, `VAULT_CAPATH` (the first that is
 * there counts), `VAULT_CLIENT_CERT`, `VAULT_CLIENT_KEY`, `VAULT_TLS_SERVER_NAME`.
 *
 * @throws SottoError `vault-invalid`
 */
export function readTls(host: KeyHost, isUnverified: boolean): TlsSettings {
  const variable = (name: string): string | undefined => host.environment[name] || undefined;
  const [certificate, key] = [variable('VAULT_CLIENT_CERT'), variable('VAULT_CLIENT_KEY')];
  if ((certificate === undefined) !== (key === undefined)) {
    throw new SottoError('vault-invalid', 'VAULT_CLIENT_CERT and VAULT_CLIENT_KEY belong together', {
      hint: `${certificate === undefined ? 'VAULT_CLIENT_CERT' : 'VAULT_CLIENT_KEY'} is not set`,
    });
  }
  return {
    authorities: authoritiesOf(host, variable),
    certificate: certificate && readPem(host, certificate, 'VAULT_CLIENT_CERT', CERTIFICATE),
    key: key && readPem(host, key, 'VAULT_CLIENT_KEY', 'PRIVATE KEY-----'),
    serverName: variable('VAULT_TLS_SERVER_NAME'),
    isUnverified,
  };
}

function authoritiesOf(host: KeyHost, variable: (name: string) => string | undefined): string[] | undefined {
  const file = variable('VAULT_CACERT');
  if (file !== undefined) return [readPem(host, file, 'VAULT_CACERT', CERTIFICATE)];
  const bytes = variable('VAULT_CACERT_BYTES');
  if (bytes !== undefined) return [requirePem(bytes, 'VAULT_CACERT_BYTES', CERTIFICATE)];
  const folder = variable('VAULT_CAPATH');
  if (folder === undefined) return undefined;
  const files = host.filesBelow(host.absolute(folder));
  const texts = files.map((path) => Buffer.from(host.readBytes(path) ?? []).toString());
  const authorities = texts.filter((text) => text.includes(CERTIFICATE));
  if (authorities.length > 0) return authorities;
  throw new SottoError('vault-invalid', `VAULT_CAPATH: there is no certificate in ${folder}`, {
    hint: 'it is a folder of certificates in PEM',
  });
}

function readPem(host: KeyHost, file: string, name: string, label: string): string {
  const bytes = bytesOf(host, file, name);
  if (bytes !== undefined) return requirePem(Buffer.from(bytes).toString(), `${name}: ${file}`, label);
  throw new SottoError('vault-invalid', `${name}: ${file} does not exist`, { hint: `check ${name}` });
}

function bytesOf(host: KeyHost, file: string, name: string): Uint8Array | undefined {
  try {
    return host.readBytes(host.absolute(file));
  } catch (error) {
    throw new SottoError('vault-invalid', `${name}: ${file} could not be read: ${messageOf(error)}`, {
      hint: `check ${name}`,
    });
  }
}

function requirePem(text: string, name: string, label: string): string {
  if (text.includes(label)) return text;
  const what = label === CERTIFICATE ? 'certificate' : 'private key';
  throw new SottoError('vault-invalid', `${name} holds no ${what} in PEM`, { hint: 'check the variable' });
}
