import { withoutMark } from '../core/byte-order-mark.ts';
import { type Cipher, createCipher } from '../core/cipher.ts';
import { type Decryption, decryptDocument } from '../core/decryption.ts';
import type { Document, Format } from '../core/format.ts';
import { type Metadata, readMetadata, requireVersion } from '../core/metadata.ts';
import { compilePolicy, type Policy } from '../core/policy.ts';
import { SottoError } from '../errors.ts';

/** Recovers the data key of a file from its wrapped copies. @throws SottoError `no-key-fits` */
export type OpenDataKey = (metadata: Metadata) => Promise<Uint8Array>;

/** A file as text, and how it is written. */
export interface Source {
  readonly text: string;
  readonly format: Format;
}

/** An encrypted file, read. */
export interface EncryptedFile {
  readonly document: Document;
  readonly metadata: Metadata;
}

/** An encrypted file whose data key is known. */
export interface OpenFile extends EncryptedFile {
  readonly dataKey: Uint8Array;
  readonly cipher: Cipher;
  readonly policy: Policy;
}

/**
 * Read an encrypted file.
 *
 * @throws SottoError `input-invalid` (with sops's exit status 1 for encrypted files), `metadata-missing`, `metadata-invalid`
 */
export function readEncrypted(source: Source): EncryptedFile {
  const { document, metadata } = readAny(source);
  if (metadata === undefined) {
    throw new SottoError('metadata-missing', 'sops metadata not found', {
      hint: 'the file is not encrypted; "sotto encrypt -i FILE" encrypts it',
    });
  }
  requireVersion(metadata);
  return { document, metadata };
}

/** Read a file that may be encrypted. @throws SottoError `input-invalid` (exit status 1), `metadata-invalid` */
export function readAny({ text, format }: Source): { document: Document; metadata: Metadata | undefined } {
  const document = readLeniently(text, format);
  const [root] = document.roots;
  return { document, metadata: root === undefined ? undefined : readMetadata(root) };
}

function readLeniently(text: string, format: Format): Document {
  try {
    return format.read(withoutMark(text, format));
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { hint = 'restore the file from git; a merge may have gone wrong here' } = error.details;
    throw error.with({ exit: 1, hint }, `Could not unmarshal input data: ${error.message}`);
  }
}

/** Read an encrypted file and recover its data key; values are not decrypted yet. */
export async function openFile(source: Source, openDataKey: OpenDataKey): Promise<OpenFile> {
  const { document, metadata } = readEncrypted(source);
  const policy = await compilePolicy(metadata.selector);
  const dataKey = await openDataKey(metadata);
  return { document, metadata, dataKey, cipher: createCipher(dataKey), policy };
}

/** Decrypt an opened file. @throws SottoError `value-undecryptable`, `mac-mismatch` */
export function decryptOpen(file: OpenFile, ignoreMac = false): Decryption {
  const { document, cipher, policy, metadata } = file;
  return decryptDocument(document, { format: document.format, cipher, policy, metadata, ignoreMac });
}
