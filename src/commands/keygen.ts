import { messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { identityIn, keychainFile, newIdentityFile } from '../keys/age/identity.ts';
import { parseIdentityFile } from '../keys/age/identity-file.ts';
import { askPassphrase, userKeyFile } from '../keys/age/identity-sources.ts';
import { askTwice } from './ask-twice.ts';
import { refuseFolder } from './output.ts';

/** How an identity is made. */
export interface KeygenOptions {
  /** Where; the place that sops and sotto look in by themselves unless given. */
  readonly output?: string | undefined;
  /** `hybrid` is safe against quantum computers. */
  readonly kind: 'x25519' | 'hybrid';
  /** What guards it besides the permissions of the file. */
  readonly guard?: 'passphrase' | 'keychain' | undefined;
}

/** A new identity. */
export interface NewIdentity {
  readonly file: string;
  readonly recipient: string;
  /** The command that prints the identity, where it is in the keychain. */
  readonly reading?: string | undefined;
}

/**
 * Make an identity file that only its owner can read.
 *
 * @throws SottoError `output-unwritable` when there is a file already; `canceled`, `keychain-failed`
 */
export async function keygen({ output, kind, guard }: KeygenOptions, io: Io): Promise<NewIdentity> {
  const file = output ?? userKeyFile(io);
  if (file === undefined)
    throw new SottoError('usage', 'there is no home folder', { hint: 'name a file with --output' });
  const path = io.absolute(file);
  refuseFolder(io, file, 'key.txt');
  if (io.exists(path)) {
    throw new SottoError('output-unwritable', `${file} is there already, and is left as it is`, {
      hint: `"sotto keygen --show ${file}" prints its recipient; --output FILE makes another identity`,
    });
  }
  const { text, recipient } = await newIdentityFile(io.now(), kind);
  if (guard === 'keychain')
    return { file, recipient, reading: await intoKeychain(text, recipient, path, io) };
  const bytes = Buffer.from(guard === 'passphrase' ? await withPassphrase(text, io) : text);
  io.create(path, bytes, 0o600);
  bytes.fill(0);
  return { file, recipient };
}

async function withPassphrase(text: string, io: Io): Promise<string> {
  const passphrase = await askTwice(io, 'passphrase');
  const { protect } = await import('../keys/age/scrypt.ts');
  return protect(text, passphrase);
}

/** The file says where the identity is. @returns the command that prints it */
async function intoKeychain(text: string, recipient: string, path: string, io: Io): Promise<string> {
  const { keepInKeychain, readingCommand } = await import('../keys/age/keychain.ts');
  try {
    await keepInKeychain(io, recipient, identityIn(text));
  } catch (error) {
    throw new SottoError('keychain-failed', `the identity is not in the keychain: ${messageOf(error)}`, {
      hint: 'nothing was made; "sotto keygen --passphrase" needs no keychain',
      cause: error,
    });
  }
  io.create(path, Buffer.from(keychainFile(io.now(), recipient)), 0o600);
  return readingCommand(io, recipient);
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
