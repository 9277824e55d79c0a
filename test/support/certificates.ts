import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from './processes.ts';

/** Why tests with certificates of their own can't run. */
export const OPENSSL_MISSING: string | undefined =
  spawnSync('openssl', ['version']).status === 0 ? undefined : 'skipped: there is no openssl';

/** Names of files in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Make an authority in a folder. @param name of its files */
export function makeAuthority(folder: string, name: string): Certificate {
  const files = filesOf(folder, name);
  openssl(folder, [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-keyout', files.key, '-out', files.certificate],
  ]);
  return files;
}

/** Let an authority certify a server or a client. @param subject as in `IP:127.0.0.1` */
export function certify(folder: string, name: string, authority: Certificate, subject: string): Certificate {
  const files = filesOf(folder, name);
  const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
  writeFileSync(extensions, `subjectAltName=${subject}\n`);
  openssl(folder, [
    ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`],
    ...['-keyout', files.key, '-out', request],
  ]);
  openssl(folder, [
    ...['x509', '-req', '-in', request, '-CA', authority.certificate, '-CAkey', authority.key],
    ...['-set_serial', '1', '-days', '2', '-extfile', extensions, '-out', files.certificate],
  ]);
  return files;
}

/** What a server or a client shows. */
export function pemOf({ certificate, key }: Certificate): { readonly cert: string; readonly key: string } {
  return { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

function filesOf(folder: string, name: string): Certificate {
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key.pem`) };
}

function openssl(folder: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}
