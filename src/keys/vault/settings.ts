import { join } from 'node:path';
import type { Warning } from '../../core/splice/warning.ts';
import { parseBoolean } from '../../core/tree/go-boolean.ts';
import { SottoError } from '../../errors.ts';
import { isLoopback } from '../../text/loopback.ts';
import type { KeyHost } from '../host.ts';
import type { TlsSettings } from '../http.ts';
import { readTls } from './tls.ts';

/** Where a server of Vault or OpenBao is, and how it is asked. */
export interface VaultSettings {
  readonly address: URL;
  readonly token: string | undefined;
  readonly namespace: string | undefined;
  readonly tls: TlsSettings;
  /** Milliseconds for all that one secret needs. */
  readonly timeout: number;
  /** How often it is tried again. */
  readonly retries: number;
}

/** Defaults of Vault's own client (vault `api/client.go`, DefaultConfig). */
const DEFAULT_ADDRESS = 'https://127.0.0.1:8200';
const DEFAULT_SECONDS = 60;
const DEFAULT_RETRIES = 2;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['', 1000],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/**
 * Settings by Vault's own variables: `VAULT_ADDR`, `VAULT_TOKEN` or `~/.vault-token`, `VAULT_NAMESPACE`,
 * `VAULT_CLIENT_TIMEOUT`, `VAULT_MAX_RETRIES`, and those of TLS.
 *
 * @param address beats `VAULT_ADDR`
 * @throws SottoError `vault-invalid`
 */
export function readVaultSettings(
  host: KeyHost,
  address: string | undefined,
  warn: (warning: Warning) => void,
): VaultSettings {
  const variable = (name: string): string | undefined => host.environment[name] || undefined;
  const [text, source] =
    address === undefined
      ? [variable('VAULT_ADDR') ?? DEFAULT_ADDRESS, 'VAULT_ADDR']
      : [address, 'vault_address'];
  const url = addressOf(text, source);
  const isUnverified = booleanOf(variable('VAULT_SKIP_VERIFY'), 'VAULT_SKIP_VERIFY');
  if (url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
    warn({
      message: `${source} is ${url.origin}: token and secrets go there unencrypted`,
      hint: 'use https',
    });
  if (url.protocol === 'https:' && isUnverified)
    warn({
      message: `VAULT_SKIP_VERIFY is set: whoever answers for ${url.host} gets token and secrets`,
      hint: 'name the authority of its certificate in VAULT_CACERT instead',
    });
  return {
    address: url,
    token: headerOf(variable('VAULT_TOKEN'), 'VAULT_TOKEN') ?? storedToken(host),
    namespace: headerOf(variable('VAULT_NAMESPACE'), 'VAULT_NAMESPACE'),
    tls: readTls(host, isUnverified),
    timeout: timeoutOf(variable('VAULT_CLIENT_TIMEOUT')),
    retries: retriesOf(variable('VAULT_MAX_RETRIES')),
  };
}

/** Whether nobody else hears what is sent there. */
function addressOf(text: string, source: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw invalid(`${source} is no address of a server`, 'write it as in https://vault.example.org:8200');
  if (url.username !== '' || url.password !== '')
    throw invalid(`${source} has a password in it`, 'Vault takes a token: VAULT_TOKEN');
  return url;
}

/** What `vault login` and `bao login` leave behind. */
function storedToken(host: KeyHost): string | undefined {
  const path = join(host.home, '.vault-token');
  try {
    const bytes = host.readBytes(path);
    const text = bytes === undefined ? '' : Buffer.from(bytes).toString().trim();
    return text === '' ? undefined : headerOf(text, path);
  } catch (error) {
    if (error instanceof SottoError || !(error instanceof Error)) throw error;
    throw invalid(`${path} could not be read: ${error.message}`, 'set VAULT_TOKEN, or log in again');
  }
}

function headerOf(text: string | undefined, source: string): string | undefined {
  if (text === undefined || /^[!-~]+$/.test(text)) return text;
  throw invalid(
    `${source} has characters that can not be sent`,
    'a blank or a line break may have slipped in',
  );
}

function booleanOf(text: string | undefined, name: string): boolean {
  const value = text === undefined ? false : parseBoolean(text);
  if (value === undefined) throw invalid(`${name} is neither true nor false`, 'write true or false');
  return value;
}

/** Seconds, or a number with a unit. */
function timeoutOf(text: string | undefined): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text ?? `${DEFAULT_SECONDS}`) ?? [];
  const timeout = Number(number) * (UNITS.get(unit ?? '') ?? 0);
  if (timeout > 0) return timeout;
  throw invalid('VAULT_CLIENT_TIMEOUT is no time', 'write it as in 60, 90s or 2m');
}

function retriesOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RETRIES;
  if (/^\d+$/.test(text)) return Number(text);
  throw invalid('VAULT_MAX_RETRIES is no number', 'write it as in 2');
}

function invalid(message: string, hint: string): SottoError {
  return new SottoError('vault-invalid', message, { hint });
}
