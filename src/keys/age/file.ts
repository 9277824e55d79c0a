import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { aead, TAG_LENGTH } from './aead.ts';
import { derive, type FileKeyUnwrapper, type WrappedFileKey } from './file-key.ts';
import { AgeError, fromUnpadded, printStanza, type Stanza, StanzaReader, toUnpadded } from './stanza.ts';

/** What every age file begins with; the version follows. */
export const AGE_INTRO = 'age-encryption.org/';
// The age format, version 1: https://age-encryption.org/v1
const VERSION_LINE = `${AGE_INTRO}v1`;
const FOOTER = '---';
const NONCE_LENGTH = 16;
const MAC_LENGTH = 32;

/** An age file whose payload was not opened yet. */
export interface AgeFile {
  readonly stanzas: readonly Stanza[];
  /** The header up to `---`, which the MAC covers. */
  readonly header: string;
  readonly mac: Uint8Array;
  readonly payload: Uint8Array;
}

/** Take an age file apart. @throws AgeError `header` */
export function parseAgeFile(bytes: Uint8Array): AgeFile {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const reader = new StanzaReader();
  const stanzas: Stanza[] = [];
  let at = 0;
  const nextLine = (): string => {
    const end = latin.indexOf('\n', at);
    if (end === -1) throw new AgeError('header', 'the age file is cut off in its header');
    const line = latin.slice(at, end);
    at = end + 1;
    return line;
  };
  if (nextLine() !== VERSION_LINE)
    throw new AgeError('header', 'it is no age file, or one of an unknown version');
  for (;;) {
    const start = at;
    const line = nextLine();
    if (!reader.isWithin && line.startsWith(FOOTER)) {
      const header = latin.slice(0, start) + FOOTER;
      return { stanzas, header, mac: macOf(line), payload: bytes.subarray(at) };
    }
    const stanza = reader.push(line);
    if (stanza !== undefined) stanzas.push(stanza);
  }
}

function macOf(line: string): Uint8Array {
  const [mark, text, ...more] = line.split(' ');
  const mac = mark === FOOTER && more.length === 0 ? fromUnpadded(text ?? '') : undefined;
  if (mac?.length !== MAC_LENGTH) throw new AgeError('header', 'the last line of the age header is damaged');
  return mac;
}

/**
 * Open an age file.
 *
 * @returns `null` when none of its stanzas is for this identity
 * @throws AgeError for a file that is damaged or was changed; Error when the identity could not be used
 */
export async function openAgeFile(file: AgeFile, identity: FileKeyUnwrapper): Promise<Uint8Array | null> {
  const fileKey = await identity.unwrap(file.stanzas);
  if (fileKey === null) return null;
  try {
    return await openWithFileKey(file, fileKey);
  } finally {
    fileKey.fill(0);
  }
}

/** Open an age file whose file key is known. @throws AgeError `mac` or `payload` */
export async function openWithFileKey(
  { header, mac, payload }: AgeFile,
  fileKey: Uint8Array,
): Promise<Uint8Array> {
  if (!timingSafeEqual(mac, headerMac(header, fileKey)))
    throw new AgeError('mac', 'the age header was changed');
  if (payload.length < NONCE_LENGTH) throw new AgeError('header', 'the age file is cut off');
  const key = derive(fileKey, payload.subarray(0, NONCE_LENGTH), 'payload');
  return openPayload(key, payload.subarray(NONCE_LENGTH));
}

/** Make an age file. The file key must be used for this file alone, and is zeroed. */
export async function sealAgeFile(
  plain: Uint8Array,
  { fileKey, stanzas }: WrappedFileKey,
): Promise<Uint8Array> {
  const header = `${VERSION_LINE}\n${stanzas.map(printStanza).join('')}${FOOTER}`;
  const nonce = randomBytes(NONCE_LENGTH);
  const sealed = Buffer.concat([
    Buffer.from(`${header} ${toUnpadded(headerMac(header, fileKey))}\n`),
    nonce,
    await sealPayload(derive(fileKey, nonce, 'payload'), plain),
  ]);
  fileKey.fill(0);
  return sealed;
}

function headerMac(header: string, fileKey: Uint8Array): Uint8Array {
  return createHmac('sha256', derive(fileKey, new Uint8Array(), 'header'))
    .update(header, 'latin1')
    .digest();
}

// The payload of an age file is cut into chunks, sealed one by one (C2SP age.md, "Payload").
const CHUNK_LENGTH = 64 * 1024;
const SEALED_LENGTH = CHUNK_LENGTH + TAG_LENGTH;

/** Seal a payload. */
async function sealPayload(key: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
  const { seal } = await aead();
  const chunks: Uint8Array[] = [];
  const count = Math.max(1, Math.ceil(plain.length / CHUNK_LENGTH));
  for (let number = 0; number < count; number += 1) {
    const chunk = plain.subarray(number * CHUNK_LENGTH, (number + 1) * CHUNK_LENGTH);
    chunks.push(seal(key, nonceOf(number, number === count - 1), chunk));
  }
  return Buffer.concat(chunks);
}

/**
 * Open a payload, as a whole.
 *
 * @throws AgeError `payload` when it was changed, cut off or continued
 */
async function openPayload(key: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  const { open } = await aead();
  const chunks: Uint8Array[] = [];
  const count = Math.max(1, Math.ceil(sealed.length / SEALED_LENGTH));
  for (let number = 0; number < count; number += 1) {
    const isLast = number === count - 1;
    const chunk = open(
      key,
      nonceOf(number, isLast),
      sealed.subarray(number * SEALED_LENGTH, (number + 1) * SEALED_LENGTH),
    );
    if (chunk === undefined) throw new AgeError('payload', 'the age file was changed or cut off');
    if (chunk.length === 0 && number > 0)
      throw new AgeError('payload', 'the age file has an empty chunk at its end');
    chunks.push(chunk);
  }
  return chunks[1] === undefined && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** The number of a chunk, big-endian, and whether it is the last. */
function nonceOf(number: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  if (isLast) nonce[11] = 1;
  return nonce;
}
