import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import type { FileKeyUnwrapper } from '../file-key.ts';
import { bcryptPbkdf } from './bcrypt-pbkdf.ts';
import { ed25519Wire, parseSshPublicKey, rsaWire, type SshPublicKey, SshReader } from './public-key.ts';
import { ed25519Unwrapper, rsaUnwrapper } from './recipient.ts';

/** A private SSH key that is open. */
export interface SshPrivateKey {
  readonly publicKey: SshPublicKey;
  readonly unwrapper: FileKeyUnwrapper;
}

/** An Ed25519 key by its seed of 32 bytes. */
export function ed25519Key(seed: Uint8Array, point: Uint8Array): SshPrivateKey {
  const publicKey = { type: 'ssh-ed25519', wire: ed25519Wire(point), point } as const;
  return { publicKey, unwrapper: ed25519Unwrapper(publicKey, seed) };
}

/** An RSA key. */
export function rsaKey(privateKey: KeyObject): SshPrivateKey {
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const modulus = Buffer.from(n, 'base64url');
  const exponent = Buffer.from(e, 'base64url');
  const publicKey = { type: 'ssh-rsa', wire: rsaWire(modulus, exponent), modulus, exponent } as const;
  return { publicKey, unwrapper: rsaUnwrapper(publicKey, privateKey) };
}

/**
 * A key in one of the PEM forms that OpenSSL writes: `RSA PRIVATE KEY`, `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`.
 *
 * @throws Error
 */
export function pemKey(pem: string, passphrase?: string): SshPrivateKey {
  const privateKey = readPem(pem, passphrase);
  if (privateKey.asymmetricKeyType === 'rsa') return rsaKey(privateKey);
  if (privateKey.asymmetricKeyType === 'ed25519') {
    const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
    return ed25519Key(Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url'));
  }
  throw new Error(
    `private keys of the type ${privateKey.asymmetricKeyType} can't be used, only Ed25519 and RSA`,
  );
}

function readPem(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    // The reasons of OpenSSL say nothing to people, and might hold parts of the key.
    throw new Error(passphrase === undefined ? 'the private key is damaged' : 'the passphrase is wrong');
  }
}

// The format of ssh-keygen for private keys (OpenSSH PROTOCOL.key).
const MAGIC = 'openssh-key-v1\0';
const POINT_LENGTH = 32;

interface SshCipher {
  /** As OpenSSL names it. */
  readonly name: string;
  readonly keyLength: number;
  readonly ivLength: number;
  readonly blockLength: number;
  /** Length of the tag behind the ciphertext; ciphers without one are checked by what they open to. */
  readonly tagLength: number;
}

const CIPHERS: ReadonlyMap<string, SshCipher> = new Map(
  [128, 192, 256].flatMap((bits) => [
    [`aes${bits}-ctr`, cipher(`aes-${bits}-ctr`, bits, 16, 0)],
    [`aes${bits}-cbc`, cipher(`aes-${bits}-cbc`, bits, 16, 0)],
    [`aes${bits}-gcm@openssh.com`, cipher(`aes-${bits}-gcm`, bits, 12, 16)],
  ]),
);

function cipher(name: string, bits: number, ivLength: number, tagLength: number): SshCipher {
  return { name, keyLength: bits / 8, ivLength, blockLength: 16, tagLength };
}

/** A private key in the format of OpenSSH. */
export interface OpenSshKey {
  readonly publicKey: SshPublicKey;
  readonly hasPassphrase: boolean;
  /** @throws Error for a wrong passphrase, or a damaged key; bcrypt takes its time */
  open(passphrase: string): SshPrivateKey;
}

/** Read the outer part of a key, which is not encrypted. @throws Error */
export function parseOpenSshKey(bytes: Uint8Array): OpenSshKey {
  const reader = new SshReader(bytes);
  if (Buffer.from(reader.take(MAGIC.length)).toString('latin1') !== MAGIC)
    throw new Error('it is no private key of OpenSSH');
  const cipherName = reader.name();
  const kdfName = reader.name();
  const kdfOptions = reader.string();
  if (reader.uint32() !== 1) throw new Error('there are several keys in it');
  const publicKey = parseSshPublicKey(reader.string());
  const sealed = reader.string();
  const tag = reader.rest();
  const hasPassphrase = cipherName !== 'none';
  return {
    publicKey,
    hasPassphrase,
    open(passphrase) {
      const opened = hasPassphrase
        ? decrypt(cipherName, kdfName, kdfOptions, passphrase, sealed, tag)
        : requireNoTag(sealed, tag);
      return parsePrivate(opened, publicKey, hasPassphrase);
    },
  };
}

function requireNoTag(bytes: Uint8Array, tag: Uint8Array): Uint8Array {
  if (tag.length > 0) throw new Error('there is something behind the SSH key');
  return bytes;
}

function decrypt(
  cipherName: string,
  kdfName: string,
  kdfOptions: Uint8Array,
  passphrase: string,
  sealed: Uint8Array,
  tag: Uint8Array,
): Uint8Array {
  const found = CIPHERS.get(cipherName);
  if (found === undefined || kdfName !== 'bcrypt') {
    throw new Error(
      `its passphrase protection, ${JSON.stringify(cipherName.slice(0, 40))}, is not known here; "ssh-keygen -p -Z aes256-ctr -f FILE" changes it`,
    );
  }
  const { name, keyLength, ivLength, blockLength, tagLength } = found;
  if (tag.length !== tagLength || sealed.length % blockLength !== 0)
    throw new Error('the SSH key is damaged');
  const options = new SshReader(kdfOptions);
  const salt = options.string();
  const rounds = options.uint32();
  const key = bcryptPbkdf(passphrase, salt, rounds, keyLength + ivLength);
  const decipher = createDecipher(name, key.subarray(0, keyLength), key.subarray(keyLength), tag);
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    throw wrongPassphrase();
  }
}

function createDecipher(name: string, key: Uint8Array, iv: Uint8Array, tag: Uint8Array) {
  if (name === 'aes-128-gcm' || name === 'aes-192-gcm' || name === 'aes-256-gcm')
    return createDecipheriv(name, key, iv, { authTagLength: tag.length }).setAuthTag(tag);
  return createDecipheriv(name, key, iv).setAutoPadding(false);
}

function parsePrivate(bytes: Uint8Array, publicKey: SshPublicKey, hasPassphrase: boolean): SshPrivateKey {
  const reader = new SshReader(bytes);
  // Two equal random numbers: that is how a wrong passphrase shows.
  const [one, other] = [reader.uint32(), reader.uint32()];
  if (one !== other) throw hasPassphrase ? wrongPassphrase() : new Error('the SSH key is damaged');
  const type = reader.name();
  const key = type === 'ssh-ed25519' ? readEd25519(reader) : type === 'ssh-rsa' ? readRsa(reader) : undefined;
  if (key === undefined) throw new Error('it holds a key of an unknown type');
  reader.string(); // the comment
  const padding = reader.rest();
  if (padding.some((byte, at) => byte !== ((at + 1) & 0xff))) throw new Error('the SSH key is damaged');
  const { wire } = key.publicKey;
  if (wire.length !== publicKey.wire.length || !timingSafeEqual(wire, publicKey.wire))
    throw new Error('the public and the private part of the SSH key do not belong together');
  return key;
}

function readEd25519(reader: SshReader): SshPrivateKey {
  const point = reader.string();
  const both = reader.string();
  const seed = both.subarray(0, POINT_LENGTH);
  const isSound =
    both.length === 2 * POINT_LENGTH && Buffer.compare(both.subarray(POINT_LENGTH), point) === 0;
  if (!isSound) throw new Error('the SSH key is damaged');
  return ed25519Key(seed, point);
}

function readRsa(reader: SshReader): SshPrivateKey {
  const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => reader.positive());
  if (n === undefined || e === undefined || d === undefined) throw new Error('the SSH key is damaged');
  if (qi === undefined || p === undefined || q === undefined) throw new Error('the SSH key is damaged');
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const jwk = {
    kty: 'RSA',
    n: text(n),
    e: text(e),
    d: text(d),
    p: text(p),
    q: text(q),
    dp: text(remainder(d, p)),
    dq: text(remainder(d, q)),
    qi: text(qi),
  };
  try {
    return rsaKey(createPrivateKey({ key: jwk, format: 'jwk' }));
  } catch {
    throw new Error('the SSH key is damaged');
  }
}

/** d modulo (prime - 1), which OpenSSH does not write down. */
function remainder(d: Uint8Array, prime: Uint8Array): Uint8Array {
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const hex = (number(d) % (number(prime) - 1n)).toString(16);
  return Buffer.from(hex.padStart(2 * prime.length, '0'), 'hex');
}

function wrongPassphrase(): Error {
  return new Error('the passphrase is wrong');
}
