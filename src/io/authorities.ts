import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/** Where Linux systems keep the certificates of the authorities that they trust (Go `crypto/x509/root_linux.go`). */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * Authorities whose certificates are believed, as PEM: those that `SSL_CERT_FILE` names and no others, as in Go; else
 * those of Node and of the system. `undefined`: those of Node.
 */
export function systemAuthorities(environment: {
  readonly [name: string]: string | undefined;
}): readonly string[] | undefined {
  const named = environment['SSL_CERT_FILE'];
  if (named) return [readFileSync(named, 'utf8')];
  const bundle = BUNDLES.map(textOf).find((text) => text !== undefined);
  if (bundle === undefined) return undefined;
  const extra = environment['NODE_EXTRA_CA_CERTS'];
  return [...rootCertificates, bundle, ...(extra ? [textOf(extra) ?? ''] : [])].filter((text) => text !== '');
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
