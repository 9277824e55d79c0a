import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { newIdentityFile, parseIdentities } from '../keys/identity-file.ts';
import { userKeyFile } from '../keys/places.ts';
import { decodeText } from './source.ts';

/** A new identity. */
export interface NewIdentity {
  readonly file: string;
  readonly recipient: string;
}

/**
 * Make an identity file that only its owner can read.
 *
 * @param output where; the place that sops and sotto look in by themselves unless given
 * @throws SottoError `output-unwritable` when there is a file already
 */
export function keygen(output: string | undefined, io: Io): NewIdentity {
  const file = output ?? userKeyFile(io);
  if (file === undefined)
    throw new SottoError('usage', 'there is no home folder', { hint: 'name a file with --output' });
  const path = io.absolute(file);
  if (io.exists(path)) {
    throw new SottoError('output-unwritable', `${file} is there already, and is left as it is`, {
      hint: `"sotto keygen --show ${file}" prints its recipient; --output FILE makes another identity`,
    });
  }
  const { text, recipient } = newIdentityFile(io.now());
  io.create(path, Buffer.from(text), 0o600);
  return { file, recipient };
}

/** The recipients of the identities in a file. @throws SottoError `identity-invalid` */
export function showRecipients(file: string, io: Io): string[] {
  const text = decodeText(io.read(io.absolute(file)), file);
  try {
    return parseIdentities(text, file).map(({ recipient }) => recipient);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'damaged';
    throw new SottoError('identity-invalid', `${file} is no identity file: ${reason}`, {
      cause: error,
      hint: 'an identity file has lines AGE-SECRET-KEY-1…, and comments with #',
    });
  }
}
