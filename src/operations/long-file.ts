import { hasNativeCipher } from '../core/sops/cipher.ts';
import {
  DATA_KEY_LENGTH,
  holdOut,
  isLong,
  type LongSealer,
  longSealer,
  type Release,
} from '../core/sops/long-token.ts';
import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { recordNew } from './audit.ts';
import { decodeUtf8 } from './content.ts';
import { type EncryptOptions, encryptAs } from './encrypt.ts';
import type { Source } from './open.ts';

/** An encrypted file as bytes, and what there is to say about it. */
export interface BytesResult {
  readonly content: Uint8Array;
  readonly warnings: readonly Warning[];
}

/** Whether a plain file is one for {@link encryptLong}. */
export function isLongFile(bytes: Uint8Array, input: Format, output: Format): boolean {
  return isLong(bytes) && input.binary !== undefined && output.name === input.name && hasNative();
}

/**
 * Encrypt a long file that is one value. It is in memory as it is and encrypted, and no more often: a piece of it at a
 * time is encrypted, and read back.
 *
 * @param format the file's, and the result's
 * @throws SottoError as {@link encryptAs}
 */
export async function encryptLong(
  bytes: Uint8Array,
  format: Format,
  options: EncryptOptions,
  release: Release,
): Promise<BytesResult> {
  if (format.binary === undefined) throw new Error('the file is a text');
  let sealer: LongSealer | undefined;
  const { text, warnings } = await encryptAs({ roots: [format.binary.readExact(bytes)] }, format, {
    ...options,
    // It is taken down with its data.
    audit: undefined,
    cipherFor: (usual, dataKey) => {
      sealer = longSealer(usual, dataKey, bytes, release);
      return sealer.cipher;
    },
  });
  const content = sealer?.withData(text);
  if (content === undefined) {
    await recordNew(options.audit, text);
    return { content: Buffer.from(text), warnings };
  }
  if (holdOut(content, decodeUtf8, release)?.text !== text)
    throw new SottoError('internal', 'the encrypted file reads otherwise than what it was made of', {
      hint: 'nothing was written; please report this with a file that shows it',
    });
  await recordNew(options.audit, content);
  return { content, warnings };
}

/**
 * A long encrypted file that is one value, with the data of its token held out of its text; `undefined` where it is to
 * be read as a text.
 */
export function holdingSource(
  bytes: Uint8Array,
  release: Release,
): Required<Pick<Source, 'text' | 'held'>> | undefined {
  const held = hasNative() ? holdOut(bytes, decodeUtf8, release) : undefined;
  return held === undefined ? undefined : { text: held.text, held };
}

function hasNative(): boolean {
  return hasNativeCipher(DATA_KEY_LENGTH);
}
