import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  getCipherInfo,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import { canonicalFloat, canonicalInt, parseFloatText } from '../tree/number.ts';
import { parseTime, printTime } from '../tree/time.ts';
import { stringOf, type Value, valueBytes } from '../tree/value.ts';
import { openTokens, type SealedTexts } from './opened-tokens.ts';
import { type PlainTexts, sealTokens } from './sealed-tokens.ts';
import { parseToken, printToken } from './token.ts';
import { FEWEST, hasBatch } from './token-batch.ts';

/** What can stand in a token: a value, or a comment's text behind its `#`. */
export type Plaintext = Value | { readonly comment: string };

/** The text of a value or comment. */
export function asText(plain: Plaintext): string {
  return 'comment' in plain ? plain.comment : plain.text;
}

/** Encrypts and decrypts the values of one file. */
export interface Cipher {
  /**
   * @param iv of 32 bytes, which stands for nothing else under this key; at random unless given
   * @returns the token; sops has none for the empty string, which is the caller's to know
   */
  encrypt(plain: Plaintext, aad: string, iv?: Uint8Array): string;
  /** @throws Error with the reason, which holds no plaintext */
  decrypt(token: string, aad: string): Plaintext;
  /** {@link encrypt} for many at once. */
  encryptAll(plains: Unsealed): string[];
  /**
   * Decrypt many at once, as far as that is quicker.
   *
   * @param found told what {@link decrypt} gives for a token, but where it has to be asked: because it will throw, or
   * because it is as quick
   */
  decryptSome(tokens: SealedTexts, found: (index: number, plain: Plaintext) => void): void;
  /** HMAC-SHA-256 of a text, 32 bytes, under a key that is derived from the data key for frames and for nothing else. */
  authenticate(text: string): Uint8Array;
}

/** What is to be encrypted, and for where. */
export interface Unsealed {
  readonly length: number;
  plain(index: number): Plaintext;
  aad(index: number): string;
  /** As in {@link Cipher.encrypt}. */
  iv?(index: number): Uint8Array | undefined;
}

/** The two halves of AES-GCM that an implementation gives. The tag has 16 bytes. */
export interface Aead {
  seal(
    data: Uint8Array,
    iv: Uint8Array,
    aad: Uint8Array,
  ): { readonly data: Uint8Array; readonly tag: Uint8Array };
  /** @throws Error when it was not sealed so */
  open(data: Uint8Array, iv: Uint8Array, tag: Uint8Array, aad: Uint8Array): Uint8Array;
}

/** Length of a data key, in bytes. */
const DATA_KEY_LENGTH = 32;
/** sops writes IVs of 32 bytes (`aes/cipher.go` nonceSize). */
export const IV_LENGTH = 32;
export const TAG_LENGTH = 16;
/** Invocations of GCM with one key and IVs at random (NIST SP 800-38D, 8.3). */
const MAX_TOKENS = 2 ** 32;
/** Why most tokens do not decrypt that do not: another key, or a change. */
export const NOT_AUTHENTIC = 'does not decrypt: message authentication failed';
/** What the key of frames is derived for (RFC 5869). */
const FRAME_KEY_INFO = 'sotto frame v1';
/** Random bytes are drawn for this many IVs at once. */
const IVS_AT_ONCE = 512;

const LENIENT_UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Why a token does not decrypt, in the words of sops and of Go's AES where it is that. */
export function reasonInSops(reason: string): string {
  return IN_SOPS.reduce((said, [from, to]) => said.replace(from, to), reason);
}

/** The input and what it decrypts to, which sops shows, stay out: they may be secrets. */
const IN_SOPS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${NOT_AUTHENTIC}$`), 'Could not decrypt with AES_GCM: cipher: message authentication failed'],
  [/^(?:does not match sops' data format), .*$/s, "Input string does not match sops' data format"],
  [/^has no data, .*$/, "Input string does not match sops' data format"],
  [/^its (\w+) is not valid base64$/, 'Error base64-decoding $1: illegal base64 data'],
  [/^is of the unknown type "(.*)"$/s, 'Unknown datatype: $1'],
  [/^decrypts, but not to a value of its type int$/, 'strconv.Atoi: parsing: invalid syntax'],
  [/^decrypts, but not to a value of its type float$/, 'strconv.ParseFloat: parsing: invalid syntax'],
  [/^decrypts, but not to a value of its type bool$/, 'strconv.ParseBool: parsing: invalid syntax'],
  [/^the data key has (\d+) bytes, which AES does not take$/, 'crypto/aes: invalid key size $1'],
];

/** A new random data key, 32 bytes. */
export function newDataKey(): Uint8Array {
  return randomFillSync(new Uint8Array(DATA_KEY_LENGTH));
}

/**
 * The cipher of a file: AES-256-GCM by node:crypto. Keys of 16 and 24 bytes work too, as in sops.
 *
 * @param dataKey 32 bytes; not kept, so it can be zeroed afterwards
 * @param fewest tokens that are made or opened together
 */
export function createCipher(dataKey: Uint8Array, fewest: number = FEWEST): Cipher {
  const algorithm = algorithmFor(dataKey.length);
  const key = createSecretKey(dataKey);
  const authenticate = authenticatorOf(key);
  if (algorithm === undefined) {
    const reason = `the data key has ${dataKey.length} bytes, which AES does not take`;
    const fail = (): never => {
      throw new Error(reason);
    };
    return { encrypt: fail, decrypt: fail, encryptAll: fail, decryptSome: () => {}, authenticate };
  }
  return cipherOf(nodeAead(algorithm, key), authenticate, hasBatch(key) ? { key, fewest } : undefined);
}

/** The HMAC of frames, see {@link Cipher}; most files have none, so its key is derived when it is needed. */
export function authenticatorOf(dataKey: KeyObject): Cipher['authenticate'] {
  let key: KeyObject | undefined;
  return (text) => {
    key ??= createSecretKey(new Uint8Array(hkdfSync('sha256', dataKey, '', FRAME_KEY_INFO, 32)));
    return createHmac('sha256', key).update(text).digest();
  };
}

/** Whether node:crypto has it, by the length of the key; it is asked once. */
const NATIVE = new Map<number, boolean>();

/** Whether node:crypto has AES-GCM with IVs as long as sops's; for keys that AES does not take, it is as good as any. */
export function hasNativeCipher(keyLength: number): boolean {
  const algorithm = algorithmFor(keyLength);
  if (algorithm === undefined) return true;
  const isNative = NATIVE.get(keyLength) ?? getCipherInfo(algorithm, { ivLength: IV_LENGTH }) !== undefined;
  NATIVE.set(keyLength, isNative);
  return isNative;
}

function algorithmFor(length: number): 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' | undefined {
  if (length === 16) return 'aes-128-gcm';
  if (length === 24) return 'aes-192-gcm';
  return length === 32 ? 'aes-256-gcm' : undefined;
}

function nodeAead(algorithm: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm', key: KeyObject): Aead {
  const options = { authTagLength: TAG_LENGTH };
  return {
    seal(data, iv, aad) {
      const cipher = createCipheriv(algorithm, key, iv, options);
      cipher.setAAD(aad);
      const sealed = cipher.update(data);
      cipher.final();
      return { data: sealed, tag: cipher.getAuthTag() };
    },
    open(data, iv, tag, aad) {
      const decipher = createDecipheriv(algorithm, key, iv, options);
      decipher.setAAD(aad);
      decipher.setAuthTag(tag);
      const opened = decipher.update(data);
      decipher.final();
      return opened;
    },
  };
}

/** Random bytes for IVs, those of all files: most have a few values. */
let pool = new Uint8Array(0);
let used = 0;

function newIv(): Uint8Array {
  if (used === pool.length) {
    pool = randomFillSync(new Uint8Array(IVS_AT_ONCE * IV_LENGTH));
    used = 0;
  }
  used += IV_LENGTH;
  return pool.subarray(used - IV_LENGTH, used);
}

/** A cipher on an implementation of AES-GCM. @param together the key of batches and their least size, if there can be any */
export function cipherOf(
  aead: Aead,
  authenticate: Cipher['authenticate'],
  together?: { readonly key: KeyObject; readonly fewest: number },
): Cipher {
  let made = 0;
  const encrypt = (plain: Plaintext, aad: string, given?: Uint8Array): string => {
    made = countTokens(made, 1);
    const bytes = 'comment' in plain ? Buffer.from(plain.comment) : valueBytes(plain);
    const iv = given ?? newIv();
    const { data, tag } = aead.seal(bytes, iv, Buffer.from(aad));
    return printToken({ data, iv, tag, type: 'comment' in plain ? 'comment' : plain.type });
  };
  return {
    encrypt,
    encryptAll(plains) {
      if (together === undefined || plains.length < together.fewest)
        return Array.from({ length: plains.length }, (_, index) =>
          encrypt(plains.plain(index), plains.aad(index), plains.iv?.(index)),
        );
      made = countTokens(made, plains.length);
      const tokens = sealTokens(together.key, plainTexts(plains));
      return tokens.map(
        (token, index) => token ?? encrypt(plains.plain(index), plains.aad(index), plains.iv?.(index)),
      );
    },
    decryptSome(tokens, found) {
      if (together !== undefined && tokens.length >= together.fewest)
        openTokens(together.key, tokens, plainOf, found);
    },
    decrypt(token, aad) {
      const { data, iv, tag, type } = parseToken(token);
      if (tag.length !== TAG_LENGTH || iv.length === 0)
        throw new Error('does not decrypt: its tag or iv has a wrong length');
      let bytes: Uint8Array;
      try {
        bytes = aead.open(data, iv, tag, Buffer.from(aad));
      } catch (cause) {
        throw new Error(NOT_AUTHENTIC, { cause });
      }
      return plainOf(type, bytes);
    },
    authenticate,
  };
}

/**
 * How many tokens a key has made.
 *
 * @throws Error above 2^32, where IVs at random might repeat (NIST SP 800-38D, 8.3)
 */
export function countTokens(made: number, more: number): number {
  if (made + more > MAX_TOKENS) throw new Error('a data key is for 2^32 values; rotate it');
  return made + more;
}

function plainTexts(plains: Unsealed): PlainTexts {
  return {
    length: plains.length,
    content: (index) => {
      const plain = plains.plain(index);
      return 'comment' in plain ? plain.comment : (plain.bytes ?? plain.text);
    },
    type: (index) => {
      const plain = plains.plain(index);
      return 'comment' in plain ? 'comment' : plain.type;
    },
    aad: (index) => plains.aad(index),
    iv: (index) => plains.iv?.(index),
  };
}

/** The plaintext by the type in the token's label (sops `aes/cipher.go`). @param content text if it is ASCII, or bytes */
function plainOf(type: string, content: Uint8Array | string): Plaintext {
  if (type === 'str') return typeof content === 'string' ? { type, text: content } : stringOf(content);
  const text = typeof content === 'string' ? content : LENIENT_UTF_8.decode(content);
  switch (type) {
    case 'comment':
      return { comment: text };
    case 'int':
      return { type, text: canonicalInt(text) ?? unreadable(type) };
    case 'float': {
      const value = parseFloatText(text);
      return { type, text: value === undefined ? unreadable(type) : canonicalFloat(value) };
    }
    case 'bool':
      return { type, text: canonicalBool(text) ?? unreadable(type) };
    case 'time': {
      const time = parseTime(text);
      return { type, text: time === undefined ? unreadable(type) : printTime(time) };
    }
    case 'bytes':
      throw new Error('is of type bytes, which no version of sops writes');
    default:
      throw new Error(`is of the unknown type ${JSON.stringify(type.slice(0, 20))}`);
  }
}

/** Go's `strconv.ParseBool`. */
function canonicalBool(text: string): 'True' | 'False' | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return 'True';
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? 'False' : undefined;
}

function unreadable(type: string): never {
  throw new Error(`decrypts, but not to a value of its type ${type}`);
}
