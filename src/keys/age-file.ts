import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

// The age format, version 1: https://age-encryption.org/v1
const VERSION = 'age-encryption.org/v1';
const COLUMNS = 64;
const NONCE_LENGTH = 16;
const TAG_LENGTH = 16;
/** Length of the key of one age file, in bytes. */
export const FILE_KEY_LENGTH = 16;
/** Data keys are far shorter than one chunk of age's payload. */
const CHUNK_LENGTH = 64 * 1024;

/** The file key, wrapped for one recipient. */
export interface Stanza {
  readonly type: string;
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

/** An age file whose payload was not opened yet. */
export interface AgeFile {
  readonly stanzas: readonly Stanza[];
  /** The header up to `---`, which the MAC covers. */
  readonly header: string;
  readonly mac: Uint8Array;
  readonly payload: Uint8Array;
}

/** Take an age file apart. @throws Error that says what is wrong with it */
export function parseAgeFile(bytes: Uint8Array): AgeFile {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const end = latin.indexOf('\n--- ');
  const lineEnd = latin.indexOf('\n', end + 1);
  if (end === -1 || lineEnd === -1) throw new Error('the age file has no header');
  const lines = latin.slice(0, end).split('\n');
  if (lines.shift() !== VERSION) throw new Error('the age file is of an unknown version');
  return {
    stanzas: parseStanzas(lines),
    header: `${latin.slice(0, end)}\n---`,
    mac: unpadded(latin.slice(end + '\n--- '.length, lineEnd)),
    payload: bytes.subarray(lineEnd + 1),
  };
}

function parseStanzas(lines: readonly string[]): Stanza[] {
  const stanzas: Stanza[] = [];
  let at = 0;
  while (at < lines.length) {
    const [arrow, type, ...args] = (lines[at] ?? '').split(' ');
    if (arrow !== '->' || type === undefined || type === '' || args.includes(''))
      throw new Error('the age header is damaged');
    let body = '';
    let line: string;
    do {
      at += 1;
      line = lines[at] ?? '';
      if (at >= lines.length || line.length > COLUMNS) throw new Error('the age header is damaged');
      body += line;
    } while (line.length === COLUMNS);
    at += 1;
    stanzas.push({ type, args, body: unpadded(body) });
  }
  return stanzas;
}

/** Decrypt the payload. @throws Error when header or payload were changed */
export function openAgeFile(file: AgeFile, fileKey: Uint8Array): Uint8Array {
  const mac = headerMac(file.header, fileKey);
  if (file.mac.length !== mac.length || !timingSafeEqual(file.mac, mac))
    throw new Error('the age header was changed');
  if (file.payload.length > CHUNK_LENGTH) throw new Error('the age file is too long for a data key');
  const key = derive(fileKey, file.payload.subarray(0, NONCE_LENGTH), 'payload', 32);
  return openSmall(key, lastChunkNonce(), file.payload.subarray(NONCE_LENGTH));
}

/** Make an age file of a few bytes. */
export function sealAgeFile(plain: Uint8Array, wrap: (fileKey: Uint8Array) => readonly Stanza[]): Uint8Array {
  const fileKey = randomBytes(FILE_KEY_LENGTH);
  const lines = wrap(fileKey).flatMap(({ type, args, body }) => [
    ['->', type, ...args].join(' '),
    ...bodyLines(body),
  ]);
  const header = [VERSION, ...lines, '---'].join('\n');
  const nonce = randomBytes(NONCE_LENGTH);
  const payload = sealSmall(derive(fileKey, nonce, 'payload', 32), lastChunkNonce(), plain);
  const sealed = Buffer.concat([
    Buffer.from(`${header} ${toUnpadded(headerMac(header, fileKey))}\n`),
    nonce,
    payload,
  ]);
  fileKey.fill(0);
  return sealed;
}

/** HKDF with SHA-256 (RFC 5869). */
export function derive(secret: Uint8Array, salt: Uint8Array, info: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, length));
}

/** ChaCha20-Poly1305; the tag follows the ciphertext. */
export function sealSmall(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_LENGTH });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Open what {@link sealSmall} made. @throws Error */
export function openSmall(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (sealed.length < TAG_LENGTH) throw new Error('the age file is cut off');
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_LENGTH)), decipher.final()]);
}

/** Base64 without padding, in its one canonical form. @throws Error */
export function unpadded(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (toUnpadded(bytes) !== text) throw new Error('the age header is damaged');
  return bytes;
}

/** Bytes as base64 without padding. */
export function toUnpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

function headerMac(header: string, fileKey: Uint8Array): Uint8Array {
  return createHmac('sha256', derive(fileKey, new Uint8Array(), 'header', 32))
    .update(header)
    .digest();
}

/** The last line of a body is shorter than the others, and empty if need be. */
function bodyLines(body: Uint8Array): string[] {
  const text = toUnpadded(body);
  const lines = text.match(/.{1,64}/g) ?? [];
  return text.length % COLUMNS === 0 ? [...lines, ''] : lines;
}

/** The counter of the first chunk, marked as the last one. */
function lastChunkNonce(): Uint8Array {
  const nonce = new Uint8Array(12);
  nonce[11] = 1;
  return nonce;
}
