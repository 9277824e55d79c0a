import { join } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { ProgramResult } from '../../keys/host.ts';
import { oneLine } from '../../text/printable.ts';

const QUIETLY: readonly string[] = ['--batch', '--no-tty', '--status-fd', '2'];
const STATUS = '[GNUPG:] ';

/** A signature with the public key that verifies it, both armored. */
export interface PgpSignature {
  readonly signature: string;
  readonly key: string;
}

/** Sign a text with a PGP key of the user's. @throws SottoError `request-invalid` */
export async function signWithPgp(text: string, fingerprint: string, io: Io): Promise<PgpSignature> {
  const terminal = io.environment['GPG_TTY'] ?? io.terminal() ?? '';
  const environment = { SOPS_AGE_KEY: undefined, ...(terminal === '' ? {} : { GPG_TTY: terminal }) };
  const signed = await io.runProgram(
    program(io),
    [...QUIETLY, '--armor', '--local-user', fingerprint, '--detach-sign'],
    { stdin: Buffer.from(text), environment },
  );
  const exported = await io.runProgram(
    program(io),
    [...QUIETLY, '--armor', '--export-options', 'export-minimal', '--export', fingerprint],
    { environment },
  );
  const [signature, key] = [signed, exported].map(({ stdout }) => Buffer.from(stdout).toString());
  if (signed.status === 0 && signature && exported.status === 0 && key) return { signature, key };
  const said = oneLine(signed.stderr.split('\n').find((line) => line.startsWith('gpg: ')) ?? '');
  throw new SottoError('request-invalid', `gpg could not sign with ${fingerprint}: ${said}`, {
    hint: 'gpg --list-secret-keys shows the keys that are here; the key has to be one that signs',
  });
}

/** The fingerprints of the primary keys whose private part is here, or that gpg knows of; none without gpg. */
export async function ownPgpKeys(io: Io): Promise<string[]> {
  const path = io.findProgram(programName(io));
  if (path === undefined) return [];
  const { stdout } = await io.runProgram(
    path,
    ['--batch', '--no-tty', '--with-colons', '--list-secret-keys'],
    { stdin: new Uint8Array(), environment: { SOPS_AGE_KEY: undefined } },
  );
  // Behind each primary key (sec) stands its fingerprint (GnuPG `doc/DETAILS`).
  const found = Buffer.from(stdout)
    .toString()
    .matchAll(/^sec:.*\nfpr:(?:[^:\n]*:){8}([0-9A-F]+):/gm);
  return [...found].flatMap(([, fingerprint]) => fingerprint ?? []);
}

/** The fingerprint of the primary key that made a signature, verified in a keyring that has nothing else. */
export async function pgpSigner(
  text: string,
  { signature, key }: PgpSignature,
  io: Io,
): Promise<string | undefined> {
  const folder = io.makePrivateFolder();
  try {
    const own = [...QUIETLY, '--no-options', '--no-autostart', '--homedir', folder.path];
    const environment = { SOPS_AGE_KEY: undefined, GNUPGHOME: folder.path };
    const run = (args: readonly string[], stdin: string): Promise<ProgramResult> =>
      io.runProgram(program(io), [...own, ...args], { stdin: Buffer.from(stdin), environment });
    await run(['--import'], key);
    const path = join(folder.path, 'signature.asc');
    io.create(path, Buffer.from(signature), 0o600);
    const result = await run(['--trust-model', 'always', '--verify', path, '-'], text);
    return result.status === 0 ? signerIn(result) : undefined;
  } finally {
    folder.remove();
  }
}

/** Exactly one good signature, of a key that neither expired nor was revoked (GnuPG `doc/DETAILS`). */
function signerIn({ stderr }: ProgramResult): string | undefined {
  const lines = stderr
    .split('\n')
    .filter((line) => line.startsWith(STATUS))
    .map((line) => line.slice(STATUS.length).trim().split(' '));
  const of = (kind: string): string[][] => lines.filter(([found]) => found === kind);
  const bad = ['BADSIG', 'ERRSIG', 'EXPSIG', 'EXPKEYSIG', 'REVKEYSIG'].flatMap(of);
  const [valid, ...others] = of('VALIDSIG');
  if (bad.length > 0 || of('GOODSIG').length !== 1 || others.length > 0) return undefined;
  return valid?.at(-1);
}

function program(io: Io): string {
  const path = io.findProgram(programName(io));
  if (path !== undefined) return path;
  throw new SottoError('dependency-missing', 'gpg was not found', { hint: 'install GnuPG' });
}

function programName(io: Io): string {
  return io.environment['SOPS_GPG_EXEC'] || 'gpg';
}
