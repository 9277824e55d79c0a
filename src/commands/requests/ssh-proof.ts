import { join } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { oneLine } from '../../text/printable.ts';
import { invalid } from './request-file.ts';

/** What signatures are for: one that was made for git, or for a login, does not count here. */
const NAMESPACE = 'sotto';
const SIGNATURE = /^-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+-----END SSH SIGNATURE-----\n?$/;
const PUBLIC_KEY = /^(ssh-(?:ed25519|rsa) [A-Za-z0-9+/]+={0,2})(?:\s|$)/;
/** Programs get no private key of ours. */
const ENVIRONMENT = { SOPS_AGE_KEY: undefined, LC_ALL: 'C' };

/** Files in which OpenSSH and sops have keys. */
export function sshKeyFiles({ home, environment }: Pick<Io, 'home' | 'environment'>): string[] {
  const named = environment['SOPS_AGE_SSH_PRIVATE_KEY_FILE'] ?? '';
  const own = ['id_ed25519', 'id_rsa'].map((name) => join(home, '.ssh', name));
  return named === '' ? own : [named, ...own];
}

/** The public key beside a file with a private one, without its comment. */
export function publicKeyOf(file: string, io: Io): string | undefined {
  const bytes = io.readBytes(io.absolute(`${file}.pub`));
  return PUBLIC_KEY.exec(Buffer.from(bytes ?? []).toString())?.[1];
}

/** The public keys of this machine: those of files, then those of the agent. */
export async function ownSshKeys(io: Io): Promise<string[]> {
  const inFiles = sshKeyFiles(io).flatMap((file) => publicKeyOf(file, io) ?? []);
  const path = io.findProgram('ssh-add');
  const listed =
    path === undefined
      ? undefined
      : await io.runProgram(path, ['-L'], { stdin: new Uint8Array(), environment: ENVIRONMENT });
  const text = listed?.status === 0 ? Buffer.from(listed.stdout).toString() : '';
  const inAgent = text.split('\n').flatMap((line) => PUBLIC_KEY.exec(line)?.[1] ?? []);
  return [...new Set([...inFiles, ...inAgent])];
}

/** Sign a text with an SSH key: that of a file, or of the agent. @throws SottoError `request-invalid` */
export async function signWithSsh(text: string, recipient: string, io: Io): Promise<string> {
  const file = sshKeyFiles(io).find((path) => publicKeyOf(path, io) === recipient);
  const folder = io.makePrivateFolder();
  try {
    const named = join(folder.path, 'key.pub');
    io.create(named, Buffer.from(`${recipient}\n`), 0o600);
    let said = '';
    for (const key of file === undefined ? [named] : [file, named]) {
      const { status, stdout, stderr } = await io.runProgram(
        program(io),
        ['-Y', 'sign', '-n', NAMESPACE, '-f', key],
        {
          stdin: Buffer.from(text),
          environment: ENVIRONMENT,
        },
      );
      const signature = Buffer.from(stdout).toString();
      if (status === 0 && SIGNATURE.test(signature)) return signature;
      said = oneLine(stderr.trim().split('\n').at(-1) ?? '');
    }
    throw new SottoError(
      'request-invalid',
      `ssh-keygen could not sign with ${recipient.slice(0, 40)}…: ${said}`,
      {
        hint: 'ssh-add the key, or have it in ~/.ssh with its .pub file beside it',
      },
    );
  } finally {
    folder.remove();
  }
}

/** Whether a signature over a text is one of some SSH keys, and of which. */
export async function sshSigner(
  text: string,
  signature: string,
  recipients: readonly string[],
  io: Io,
): Promise<string | undefined> {
  if (!SIGNATURE.test(signature)) throw invalid('its signature is none of SSH');
  const folder = io.makePrivateFolder();
  try {
    const path = join(folder.path, 'signature');
    io.create(path, Buffer.from(signature), 0o600);
    for (const [number, recipient] of recipients.entries()) {
      const allowed = join(folder.path, `allowed-${number}`);
      io.create(allowed, Buffer.from(`asker namespaces="${NAMESPACE}" ${recipient}\n`), 0o600);
      const args = ['-Y', 'verify', '-n', NAMESPACE, '-I', 'asker', '-f', allowed, '-s', path];
      const { status } = await io.runProgram(program(io), args, {
        stdin: Buffer.from(text),
        environment: ENVIRONMENT,
      });
      if (status === 0) return recipient;
    }
    return undefined;
  } finally {
    folder.remove();
  }
}

function program(io: Io): string {
  const path = io.findProgram('ssh-keygen');
  if (path !== undefined) return path;
  throw new SottoError('dependency-missing', 'ssh-keygen was not found', {
    hint: 'install OpenSSH 8.1 or newer',
  });
}
