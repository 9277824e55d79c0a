import { openMac } from '../../core/sops/mac.ts';
import type { Decryption } from '../../core/splice/decryption.ts';
import { SottoError } from '../../errors.ts';
import type { Keyring, OpenedKey } from '../../keys/keyring.ts';
import { encryptOpenOnto } from '../encrypt-onto.ts';
import {
  decryptOpen,
  type KeyOpener,
  type OpenFile,
  openFile,
  openKey,
  readAny,
  readEncrypted,
  type Source,
} from '../open.ts';

/** A version of a file, opened. */
export interface OpenSide {
  readonly file: OpenFile;
  /** Left out for a binary file. */
  readonly decryption: Decryption | undefined;
}

/** Whether a version is encrypted. @throws SottoError when it can't be read */
export function isEncrypted(source: Source): boolean {
  return readAny(source).metadata !== undefined;
}

/**
 * Open several versions of one file. A data key that opens one is tried on the others, too: somebody who is new on both
 * sides is not in the base.
 *
 * @returns for each its opened file, or why it does not open
 * @throws SottoError when a version opens and is not what was encrypted
 */
export async function openSides(
  sources: readonly Source[],
  keyring: Keyring,
): Promise<(OpenSide | SottoError)[]> {
  const keys: OpenedKey[] = [];
  const failures = new Map<Source, SottoError>();
  for (const source of sources) {
    const { metadata } = readEncrypted(source);
    try {
      keys.push(await openKey(source, metadata, keyring));
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      failures.set(source, error);
    }
  }
  const opened: (OpenSide | SottoError)[] = [];
  let next = 0;
  for (const source of sources) {
    const failure = failures.get(source);
    const own = failure === undefined ? keys[next] : undefined;
    if (failure === undefined) next += 1;
    const file =
      own === undefined
        ? await openByAny(source, keys, keyring)
        : await openFile(source, knowing(own, keyring));
    opened.push(file === undefined ? (failure ?? notOpened()) : await sideOf(file));
  }
  return opened;
}

/** @returns `undefined` if none of the keys is the file's */
async function openByAny(
  source: Source,
  keys: readonly OpenedKey[],
  keyring: KeyOpener,
): Promise<OpenFile | undefined> {
  for (const key of keys) {
    const file = await openFile(source, knowing({ ...key, parts: [] }, keyring));
    try {
      openMac(file.cipher, file.metadata.mac, file.metadata.lastModified);
      return file;
    } catch {
      // It is the key of another version.
    }
  }
  return undefined;
}

/** Opens every file with one data key. */
function knowing(key: OpenedKey, { auditor }: KeyOpener): KeyOpener {
  return { open: async () => key, auditor };
}

async function sideOf(file: OpenFile): Promise<OpenSide> {
  const isBinary = file.format.binary !== undefined;
  return { file, decryption: isBinary ? undefined : await decryptOpen(file) };
}

/** A version that stands in clear, as if it were encrypted as another one is. @throws SottoError `not-supported` */
export async function sealedLike({ file, decryption }: OpenSide, { text }: Source): Promise<OpenSide> {
  if (decryption === undefined) {
    throw new SottoError('not-supported', 'one version is encrypted as a whole, and the other is not', {
      hint: 'take one of them: sotto resolve --ours FILE, or --theirs',
    });
  }
  const now = new Date(decryption.metadata.lastModified);
  // It is never written so.
  const unseen = { ...file, auditor: undefined };
  const { text: sealed } = await encryptOpenOnto(unseen, decryption, text, { now, clear: true });
  const read = { ...unseen, document: readEncrypted({ text: sealed, format: file.format }).document };
  return sideOf({ ...read, metadata: readEncrypted({ text: sealed, format: file.format }).metadata });
}

function notOpened(): SottoError {
  return new SottoError('internal', 'a version was not opened');
}
