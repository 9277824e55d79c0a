import { messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { newIdentityFile } from '../keys/age/identity.ts';
import { parseIdentityFile } from '../keys/age/identity-file.ts';
import { askPassphrase, userKeyFile } from '../keys/age/identity-sources.ts';

/** A new identity. */
export interface NewIdentity {
  readonly file: string;
  readonly recipient: string;
}

/**
 * Make an identity file that only its owner can read.
 *
 * @param output where; the place that sops and sotto look in by themselves unless given
 * @param kind `hybrid` is safe against quantum computers
 * @throws SottoError `output-unwritable` when there is a file already
 */
export async function keygen(
  output: string | undefined,
  kind: 'x25519' | 'hybrid',
  io: Io,
): Promise<NewIdentity> {
  const file = output ?? userKeyFile(io);
  if (file === undefined)
    throw new SottoError('usage', 'there is no home folder', { hint: 'name a file with --output' });
  const path = io.absolute(file);
  if (io.exists(path)) {
    throw new SottoError('output-unwritable', `${file} is there already, and is left as it is`, {
      hint: `"sotto keygen --show ${file}" prints its recipient; --output FILE makes another identity`,
    });
  }
  const { text, recipient } = await newIdentityFile(io.now(), kind);
  io.create(path, Buffer.from(text), 0o600);
  return { file, recipient };
}

/**
 * The recipients of the identities in a file; those of a protected one are behind its passphrase.
 *
 * @throws SottoError `identity-invalid`
 */
export async function showRecipients(file: string, io: Io): Promise<string[]> {
  const bytes = io.read(io.absolute(file));
  try {
    const keys = parseIdentityFile(bytes, { name: file, passphrase: () => askPassphrase(io, file) });
    const recipients = (await Promise.all(keys.map((key) => key.recipients()))).flat();
    if (recipients.length > 0) return recipients;
    throw new Error('it has identities of plugins only, and their recipients are known to the plugins alone');
  } catch (error) {
    throw new SottoError('identity-invalid', `${file} is no identity file: ${messageOf(error)}`, {
      cause: error,
      hint: 'an identity file has lines AGE-SECRET-KEY-1…, and comments with #',
    });
  }
}
