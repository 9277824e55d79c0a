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
  /** Of {@link ENCODED_IV} characters. */
  readonly iv: number;
  /** Of {@link ENCODED_TAG} characters. */
  readonly tag: number;
  readonly type: string;
}

/** Length of an IV of 32 bytes in base64. */
export const ENCODED_IV = 44;
/** Length of a tag of 16 bytes in base64. */
export const ENCODED_TAG = 24;

const HEAD = 'ENC[AES256_GCM,data:';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether a text is an encrypted value. */
export function isToken(text: string): boolean {
  return text.startsWith('ENC[') && TOKEN.test(text);
}

/** Whether there may be encrypted values in a text. */
export function hasTokens(text: string): boolean {
  return text.includes('ENC[AES256_GCM,');
}

/**
 * Find the parts of a token by their lengths, which is quicker than {@link parseToken}.
 *
 * @returns `undefined` if they have others. If they are base64 and the type is a known one, the pattern has the same parts.
 */
export function tokenParts(text: string): TokenParts | undefined {
  const data = HEAD.length;
  const dataEnd = text.indexOf(',iv:', data);
  const iv = dataEnd + 4;
  const tag = iv + ENCODED_IV + 5;
  const type = tag + ENCODED_TAG + 6;
  const isUsual =
    text.startsWith(HEAD) &&
    dataEnd >= 0 &&
    text.startsWith(',tag:', tag - 5) &&
    text.startsWith(',type:', type - 6) &&
    text.endsWith(']');
  return isUsual ? { data, dataEnd, iv, tag, type: text.slice(type, -1) } : undefined;
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
