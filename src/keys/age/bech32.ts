const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
/** Generator of the checksum (BIP 173). */
const GENERATOR: readonly number[] = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_LENGTH = 6;

/** A text in Bech32 (BIP 173, without its limit of 90 characters, as age has it), taken apart. */
export interface Bech32 {
  /** In lower case. */
  readonly prefix: string;
  readonly bytes: Uint8Array;
}

/** What is wrong with a text, without the text. */
export class Bech32Error extends Error {
  /** The same in age's words, which sops passes on. */
  readonly inSops: string;

  constructor(message: string, inSops: string) {
    super(message);
    this.inSops = inSops;
  }
}

/** Read Bech32, all in lower or all in upper case. @throws Bech32Error */
export function decodeBech32(text: string): Bech32 {
  if (text !== text.toLowerCase() && text !== text.toUpperCase())
    throw new Bech32Error('upper and lower case are mixed', 'mixed case');
  const lower = text.toLowerCase();
  const separator = lower.lastIndexOf('1');
  if (separator < 1 || separator + CHECKSUM_LENGTH >= lower.length)
    throw new Bech32Error(
      'it is cut off, or no Bech32 at all',
      `separator '1' at invalid position: pos=${separator}, len=${Buffer.byteLength(text)}`,
    );
  const prefix = lower.slice(0, separator);
  const data = [...lower.slice(separator + 1)];
  const words = data.map((char) => ALPHABET.indexOf(char));
  const unknown = words.indexOf(-1);
  if (unknown !== -1) {
    const at = Buffer.byteLength(data.slice(0, unknown).join(''));
    throw new Bech32Error(
      'it has a character that Bech32 does not know',
      `invalid character data part: s[${at}]=${data[unknown]?.codePointAt(0)}`,
    );
  }
  if (checksum(prefix, words) !== 1)
    throw new Bech32Error('its checksum does not fit; a character was mistyped or lost', 'invalid checksum');
  return { prefix, bytes: toBytes(words.slice(0, -CHECKSUM_LENGTH)) };
}

/** Write Bech32, in lower case. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const words = toWords(bytes);
  const sum = checksum(prefix, [...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let at = 0; at < CHECKSUM_LENGTH; at += 1) words.push((sum >> (5 * (CHECKSUM_LENGTH - 1 - at))) & 31);
  return `${prefix}1${words.map((word) => ALPHABET.charAt(word)).join('')}`;
}

function checksum(prefix: string, words: readonly number[]): number {
  const codes = [...prefix].map((char) => char.charCodeAt(0));
  let sum = 1;
  for (const value of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...words]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATOR.entries()) if ((top >> bit) & 1) sum ^= generator;
  }
  return sum;
}

function toWords(bytes: Uint8Array): number[] {
  const words: number[] = [];
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      words.push((value >> bits) & 31);
    }
  }
  if (bits > 0) words.push((value << (5 - bits)) & 31);
  return words;
}

function toBytes(words: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const word of words) {
    value = ((value << 5) | word) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  if (bits >= 5 || (value & ((1 << bits) - 1)) !== 0) throw new Error('its last bits are not zero');
  return Uint8Array.from(bytes);
}
