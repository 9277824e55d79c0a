import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { NoAnswer } from '../keys/http.ts';
import { reasonOf } from './reason.ts';

/** Where Linux systems keep the certificates of the authorities that they trust (Go `crypto/x509/root_linux.go`). */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const CERTIFICATE = '-----BEGIN CERTIFICATE-----';

type Environment = { readonly [name: string]: string | undefined };

/** Variables that name authorities. */
export const TRUST = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'] as const;

/**
 * Authorities whose certificates are believed, as PEM: those that `SSL_CERT_FILE` names; else those of Node and of the
 * system. In both cases those in the folders of `SSL_CERT_DIR`, as in Go, as well. `undefined`: those of Node.
 *
 * @throws NoAnswer when `SSL_CERT_FILE` can't be read
 */
export function systemAuthorities(environment: Environment): readonly string[] | undefined {
  const [file, folders, extra] = TRUST.map((name) => environment[name]);
  const found = folders ? folders.split(delimiter).flatMap(certificatesIn) : [];
  if (file) return [requiredText(file), ...found];
  const bundle = BUNDLES.map(textOf).find((text) => text !== undefined);
  if (bundle === undefined && found.length === 0) return undefined;
  const others = [bundle, extra ? textOf(extra) : undefined].flatMap((text) => text || []);
  return [...rootCertificates, ...others, ...found];
}

/** @throws NoAnswer */
function requiredText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new NoAnswer('CERT_FILE_UNREADABLE', `SSL_CERT_FILE: ${path}: ${reasonOf(error)}`);
  }
}

/** The certificates in a folder, each once, whatever names it has there. */
function certificatesIn(folder: string): string[] {
  const texts = namesIn(folder).map((name) => textOf(join(folder, name)) ?? '');
  return [...new Set(texts.filter((text) => text.includes(CERTIFICATE)))];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
