import { createHash } from 'node:crypto';
import { ByteReader } from '../../../text/byte-reader.ts';
import { toUnpadded } from '../stanza.ts';

/** A public SSH key of a type that age takes. */
export type SshPublicKey = SshEd25519Key | SshRsaKey;

interface CommonKey {
  /** The key as SSH writes it; base64 of it stands in `.pub` files. */
  readonly wire: Uint8Array;
}

/** A public key of the type `ssh-ed25519`. */
export interface SshEd25519Key extends CommonKey {
  readonly type: 'ssh-ed25519';
  /** 32 bytes, a compressed point (RFC 8032). */
  readonly point: Uint8Array;
}

/** A public key of the type `ssh-rsa`. */
export interface SshRsaKey extends CommonKey {
  readonly type: 'ssh-rsa';
  /** Big-endian. */
  readonly modulus: Uint8Array;
  /** Big-endian. */
  readonly exponent: Uint8Array;
}

const POINT_LENGTH = 32;
/** 2048 bits: age takes no shorter keys (age `agessh.go`, NewRSARecipient). */
const MIN_MODULUS = 256;
/** 16384 bits: longer ones only cost time. */
const MAX_MODULUS = 2048;
/** Three bytes, as in Go's x/crypto/ssh. */
const MAX_EXPONENT = 3;

/**
 * A public key as `.pub` files have it: type, base64, comment.
 *
 * @throws Error that says what is wrong with it
 */
export function parseSshLine(line: string): SshPublicKey {
  const [type = '', text = ''] = line.trim().split(/[ \t]+/);
  if (text === '') throw new Error('the base64 part is missing');
  const wire = Buffer.from(text, 'base64');
  if (wire.toString('base64') !== text) throw new Error('its base64 part is damaged or cut off');
  const key = parseSshPublicKey(wire);
  if (key.type !== type) throw new Error(`it holds a key of another type: ${key.type}`);
  return key;
}

/** A public key as SSH writes it (RFC 4253, section 6.6; RFC 8709). @throws Error */
export function parseSshPublicKey(wire: Uint8Array): SshPublicKey {
  const reader = new SshReader(wire);
  const type = reader.name();
  const key = read(type, reader, wire);
  if (!reader.isAtEnd) throw new Error('there is something behind the SSH key');
  return key;
}

function read(type: string, reader: SshReader, wire: Uint8Array): SshPublicKey {
  if (type === 'ssh-ed25519') {
    const point = reader.string();
    if (point.length !== POINT_LENGTH) throw new Error('the SSH key has a wrong length');
    return { type, wire, point };
  }
  if (type === 'ssh-rsa') {
    const exponent = reader.positive();
    const modulus = reader.positive();
    checkRsa(modulus, exponent);
    return { type, wire, modulus, exponent };
  }
  throw new Error(
    `SSH keys of the type ${JSON.stringify(type.slice(0, 40))} can't be used, only ssh-ed25519 and ssh-rsa`,
  );
}

function checkRsa(modulus: Uint8Array, exponent: Uint8Array): void {
  if (modulus.length < MIN_MODULUS)
    throw new Error(`the RSA key has fewer than ${8 * MIN_MODULUS} bits, which is too short`);
  const last = exponent.at(-1) ?? 0;
  const isOne = exponent.length === 1 && last === 1;
  if (modulus.length > MAX_MODULUS || exponent.length > MAX_EXPONENT || last % 2 === 0 || isOne)
    throw new Error('the RSA key is damaged');
}

/** An Ed25519 key as SSH writes it. */
export function ed25519Wire(point: Uint8Array): Uint8Array {
  return Buffer.concat([sshString('ssh-ed25519'), sshString(point)]);
}

/** An RSA key as SSH writes it. */
export function rsaWire(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  return Buffer.concat([sshString('ssh-rsa'), sshNumber(exponent), sshNumber(modulus)]);
}

/** How a stanza names the key that it is for: the first 32 bits of its hash (age `agessh.go`, sshFingerprint). */
export function sshTag({ wire }: SshPublicKey): string {
  return toUnpadded(createHash('sha256').update(wire).digest().subarray(0, 4));
}

/** A public key as a recipient, without a comment. */
export function printSshLine({ type, wire }: SshPublicKey): string {
  return `${type} ${Buffer.from(wire).toString('base64')}`;
}

/** Reads what SSH puts one behind the other: lengths, strings, numbers (RFC 4251, section 5). */
export class SshReader extends ByteReader {
  constructor(bytes: Uint8Array) {
    super(bytes, () => new Error('the SSH key is cut off'));
  }

  /** A number of 32 bits. */
  uint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.take(4);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  /** Bytes behind their length. */
  string(): Uint8Array {
    return this.take(this.uint32());
  }

  /** A {@link string} that is a name. */
  name(): string {
    return Buffer.from(this.string()).toString('latin1');
  }

  /** A number without its sign byte, big-endian. @throws Error for negative numbers, and spellings that are too long */
  positive(): Uint8Array {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    if (bytes.length === 0 || first > 127 || (first === 0 && second < 128))
      throw new Error('a number in the SSH key is damaged');
    return first === 0 ? bytes.subarray(1) : bytes;
  }
}

/** Bytes behind their length. */
export function sshString(bytes: Uint8Array | string): Uint8Array {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** A number that is not negative, big-endian, behind its length. */
export function sshNumber(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? new Uint8Array() : bytes.subarray(start);
  return sshString(
    digits[0] !== undefined && digits[0] > 127 ? Buffer.concat([Buffer.of(0), digits]) : digits,
  );
}
