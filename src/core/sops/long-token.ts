import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { type Cipher, IV_LENGTH, NOT_AUTHENTIC, type Plaintext, TAG_LENGTH } from './cipher.ts';
import { HEAD, parseToken, printParts } from './token.ts';

/*
 * The token of a file that is encrypted as one value, where that is long: its data is made and opened piece by piece, and
 * never stands in a text. In texts there is a token without data in its place; the characters of base64 say nothing to a
 * reader of JSON inside of a string, so it reads the same with them and without.
 */

const ALGORITHM = 'aes-256-gcm';
/** The length of the key that it takes, in bytes. */
export const DATA_KEY_LENGTH = 32;
/** Bytes from which on a file is long. */
const LONG = 8 * 1024 * 1024;
/** Bytes that are worked on at once; they fill whole groups of base64. */
const PIECE = 96 * 1024;
const ENCODED_PIECE = (PIECE / 3) * 4;
/** Bytes after whose work the pieces that nobody needs any more are let go. */
const BETWEEN_RELEASES = 4 * 1024 * 1024;
/** The token stands near the start of its file. */
const FURTHEST = 1024;
/** Room for what stands around the data. */
const ROOM = { before: 1024, behind: 1024 * 1024 };
const PIECE_OF_BASE64 = /^[A-Za-z0-9+/]*$/;
const LAST_OF_BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const REST = /^,iv:[A-Za-z0-9+/=]+,tag:[A-Za-z0-9+/=]+,type:str\]/;

/** Whether the value of a file is worked on in pieces. */
export function isLong(bytes: Uint8Array): boolean {
  return bytes.length >= LONG;
}

/** Makes the token of one long value. */
export interface LongSealer {
  /** Makes other tokens as usual, and for the long value one without data. */
  readonly cipher: Cipher;
  /** A text with the data of the long value in the token that has none; `undefined` where there is no such token. */
  withData(text: string): Uint8Array | undefined;
}

/**
 * Lets go of memory that nobody needs any more, where the program that runs us does not see to that in time. Each piece
 * is made anew by node:crypto, and beside a file that is as large as many of them they are not missed for long.
 */
export type Release = () => void;

/** @param plain the value; it is known by these very bytes, which are not copied */
export function longSealer(
  cipher: Cipher,
  dataKey: Uint8Array,
  plain: Uint8Array,
  release: Release,
): LongSealer {
  const length = Math.ceil(plain.length / 3) * 4;
  const room = Buffer.allocUnsafe(ROOM.before + length + ROOM.behind);
  const data = room.subarray(ROOM.before, ROOM.before + length);
  let made: { readonly token: string; readonly aad: string } | undefined;
  const encrypt = (value: Plaintext, aad: string): string => {
    if ('comment' in value || value.bytes !== plain) return cipher.encrypt(value, aad);
    made = { token: sealInto(data, plain, dataKey, aad, release), aad };
    return made.token;
  };
  return {
    cipher: {
      ...cipher,
      encrypt,
      encryptAll: (plains) =>
        Array.from({ length: plains.length }, (_, index) => encrypt(plains.plain(index), plains.aad(index))),
      decryptSome: () => {},
      decrypt: (token, aad) => {
        if (token !== made?.token) return cipher.decrypt(token, aad);
        // Opened again, piece by piece: what is handed out is what was sealed.
        let at = 0;
        openPieces({ data, token, release }, dataKey, aad, (piece) => {
          if (piece.compare(plain, at, at + piece.length) !== 0) throw new Error(NOT_AUTHENTIC);
          at += piece.length;
        });
        if (at !== plain.length) throw new Error(NOT_AUTHENTIC);
        return { type: 'str', text: '', bytes: plain };
      },
    },
    withData: (text) => {
      const at = made === undefined ? -1 : text.indexOf(made.token);
      // A selector can leave the value in clear, where it does not fit into any text.
      if (at < 0) return undefined;
      const before = Buffer.from(text.slice(0, at + HEAD.length));
      const behind = Buffer.from(text.slice(at + HEAD.length));
      if (before.length > ROOM.before || behind.length > ROOM.behind)
        return Buffer.concat([before, data, behind]);
      before.copy(room, ROOM.before - before.length);
      behind.copy(room, ROOM.before + length);
      return room.subarray(ROOM.before - before.length, ROOM.before + length + behind.length);
    },
  };
}

/** @returns the token, without the data */
function sealInto(
  data: Buffer,
  plain: Uint8Array,
  dataKey: Uint8Array,
  aad: string,
  release: Release,
): string {
  const iv = randomFillSync(Buffer.alloc(IV_LENGTH));
  const cipher = createCipheriv(ALGORITHM, dataKey, iv, { authTagLength: TAG_LENGTH });
  cipher.setAAD(Buffer.from(aad));
  let to = 0;
  for (let at = 0; at < plain.length; at += PIECE) {
    to += data.write(cipher.update(plain.subarray(at, at + PIECE)).toString('base64'), to, 'latin1');
    releaseAfter(at, PIECE, release);
  }
  cipher.final();
  return printParts('', iv.toString('base64'), cipher.getAuthTag().toString('base64'), 'str');
}

/** A file whose one token is long, with the data of the token held out. */
export interface HeldOut {
  /** The file. */
  readonly bytes: Uint8Array;
  /** Its text without the data. */
  readonly text: string;
  /** The token without the data. */
  readonly token: string;
  readonly data: Buffer;
  readonly release: Release;
}

/** Hold the data of a long token out of the text of its file; `undefined` where there is none as we and sops write it. */
export function holdOut(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => string,
  release: Release,
): HeldOut | undefined {
  if (!isLong(bytes)) return undefined;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = file.subarray(0, FURTHEST).indexOf(`"${HEAD}`);
  const start = head + 1 + HEAD.length;
  const end = head < 0 ? -1 : file.indexOf(',iv:', start);
  if (end < 0 || end - start < LONG / 2 || (end - start) % 4 !== 0 || file.length - end > ROOM.behind)
    return undefined;
  const rest = REST.exec(file.toString('latin1', end, Math.min(end + FURTHEST, file.length)))?.[0];
  if (rest === undefined) return undefined;
  const text = decode(Buffer.concat([file.subarray(0, start), file.subarray(end)]));
  return { bytes, text, token: `${HEAD}${rest}`, data: file.subarray(start, end), release };
}

/** The text of the file with the data in its place. */
export function wholeText({ bytes }: HeldOut): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

/** Opens the long token of a file, and others as usual. @param dataKey 32 bytes */
export function longOpener(usual: Cipher, dataKey: Uint8Array, held: HeldOut): Cipher {
  return {
    ...usual,
    decryptSome: () => [],
    decrypt: (token, aad) => {
      if (token !== held.token) return usual.decrypt(token, aad);
      const plain = Buffer.allocUnsafe((held.data.length / 4) * 3);
      let length = 0;
      try {
        openPieces(held, dataKey, aad, (piece) => {
          length += piece.copy(plain, length);
        });
      } catch (error) {
        // Nobody vouches for it.
        plain.fill(0);
        throw error;
      }
      return { type: 'str', text: '', bytes: plain.subarray(0, length) };
    },
  };
}

/** @throws Error as {@link Cipher.decrypt}; only then what was taken is authentic */
function openPieces(
  { data, token, release }: Pick<HeldOut, 'data' | 'token' | 'release'>,
  dataKey: Uint8Array,
  aad: string,
  take: (piece: Buffer) => void,
): void {
  const { iv, tag } = parseToken(token);
  if (tag.length !== TAG_LENGTH || iv.length === 0)
    throw new Error('does not decrypt: its tag or iv has a wrong length');
  const decipher = createDecipheriv(ALGORITHM, dataKey, iv, { authTagLength: TAG_LENGTH });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(tag);
  const sealed = Buffer.allocUnsafe(PIECE);
  for (let at = 0; at < data.length; at += ENCODED_PIECE) {
    const text = data.toString('latin1', at, Math.min(at + ENCODED_PIECE, data.length));
    const form = at + ENCODED_PIECE < data.length ? PIECE_OF_BASE64 : LAST_OF_BASE64;
    if (text.length % 4 !== 0 || !form.test(text)) throw new Error('its data is not valid base64');
    take(decipher.update(sealed.subarray(0, sealed.write(text, 'base64'))));
    releaseAfter(at, ENCODED_PIECE, release);
  }
  try {
    decipher.final();
  } catch (cause) {
    throw new Error(NOT_AUTHENTIC, { cause });
  }
}

/** @param at where the piece began that has been worked on, of `size` bytes */
function releaseAfter(at: number, size: number, release: Release): void {
  if (at % BETWEEN_RELEASES >= BETWEEN_RELEASES - size) release();
}
