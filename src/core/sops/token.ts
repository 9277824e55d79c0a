/** An encrypted value, taken apart. */
export interface Token {
  readonly data: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly type: string;
}

/**
 * sops's pattern (`aes/cipher.go`): bound at the start only, so text behind the bracket is accepted, and greedy, so
 * that the last bracket of the line counts. Go's `.` does not match a line feed. Empty data, which only some formats
 * have (see `Conventions`), is left to the caller.
 */
const TOKEN = /^ENC\[AES256_GCM,data:([^\n]*),iv:([^\n]+),tag:([^\n]+),type:([^\n]+)\]/;

/** Where the parts stand in a token as sops and we write them; each of them is base64. */
export interface TokenParts {
  readonly data: number;
  readonly dataEnd: number;
  /** Of {@link ENCODED_IV} characters. All are offsets in the text that the token is in. */
  readonly iv: number;
  /** Of {@link ENCODED_TAG} characters. */
  readonly tag: number;
  readonly type: string;
}

/** Length of an IV of 32 bytes in base64. */
export const ENCODED_IV = 44;
/** Length of a tag of 16 bytes in base64. */
export const ENCODED_TAG = 24;

export const HEAD = 'ENC[AES256_GCM,data:';
const CLOSING = 0x5d;
const COLON = 0x3a;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether a text is an encrypted value. */
export function isToken(text: string): boolean {
  return text.startsWith('ENC[') && TOKEN.test(text);
}

/** Whether there may be encrypted values in a text. */
export function hasTokens(text: string | Buffer): boolean {
  return text.includes('ENC[AES256_GCM,');
}

/** Lengths of the types that a token can have. */
const SHORTEST_TYPE = 3;
const LONGEST_TYPE = 8;

/**
 * Find the parts of a token by their lengths, which is quicker than {@link parseToken}.
 *
 * @param from where it begins in a text, and `to` where it ends
 * @returns `undefined` if they have others. If they are base64 and the type is a known one, the pattern has the same parts.
 */
export function tokenParts(text: string, from: number, to: number): TokenParts | undefined {
  const data = from + HEAD.length;
  if (text.charCodeAt(to - 1) !== CLOSING || !text.startsWith(HEAD, from)) return undefined;
  const type = typeStart(text, to - 1);
  const tag = type - 6 - ENCODED_TAG;
  const iv = tag - 5 - ENCODED_IV;
  const dataEnd = iv - 4;
  const isUsual = dataEnd >= data && text.startsWith(',iv:', dataEnd) && text.startsWith(',tag:', tag - 5);
  return isUsual ? { data, dataEnd, iv, tag, type: text.slice(type, to - 1) } : undefined;
}

/** Where the type begins that ends at an offset; -1 if none does. */
function typeStart(text: string, end: number): number {
  for (let at = end - SHORTEST_TYPE; at >= end - LONGEST_TYPE; at -= 1)
    if (text.charCodeAt(at - 1) === COLON && text.startsWith(',type:', at - 6)) return at;
  return -1;
}

/**
 * Take a token apart.
 *
 * @throws Error that says what is wrong with it
 */
export function parseToken(text: string): Token {
  const parts = TOKEN.exec(text);
  if (parts === null)
    throw new Error('does not match sops\' data format, "ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]"');
  const [, data = '', iv = '', tag = '', type = ''] = parts;
  return { data: decode(data, 'data'), iv: decode(iv, 'iv'), tag: decode(tag, 'tag'), type };
}

/** Write a token. */
export function printToken({ data, iv, tag, type }: Token): string {
  return printParts(encode(data), encode(iv), encode(tag), type);
}

/** Write a token. All but the type are in base64. */
export function printParts(data: string, iv: string, tag: string, type: string): string {
  return `${HEAD}${data},iv:${iv},tag:${tag},type:${type}]`;
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Go's base64: padding is required, carriage returns are skipped, unused trailing bits are not looked at. */
function decode(text: string, field: string): Uint8Array {
  const packed = text.includes('\r') ? text.replaceAll('\r', '') : text;
  // Node skips what is no base64, ends at the first `=`, and takes the characters of base64url for their likes.
  if (packed.length % 4 !== 0 || !BASE64.test(packed)) throw new Error(`its ${field} is not valid base64`);
  return Buffer.from(packed, 'base64');
}

/** Whether a text begins as tokens do, though it may be damaged. */
export function looksSealed(text: string): boolean {
  return text.startsWith('ENC[AES256_GCM');
}
