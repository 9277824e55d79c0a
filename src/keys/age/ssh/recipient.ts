import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import {
  derive,
  FILE_KEY_LENGTH,
  type FileKeyUnwrapper,
  type FileKeyWrapper,
  once,
  openFileKey,
  sealFileKey,
  unwrapFirst,
} from '../file-key.ts';
import { AgeError, toUnpadded } from '../stanza.ts';
import { sharedWith, shareOf, type X25519Secret, x25519 } from '../x25519.ts';
import { parseSshLine, type SshEd25519Key, type SshRsaKey, sshTag } from './public-key.ts';

/** Wraps file keys for a public SSH key, as `.pub` files have it. @throws Error that says what is wrong with it */
export async function sshWrapper(line: string): Promise<FileKeyWrapper> {
  const key = parseSshLine(line);
  return key.type === 'ssh-rsa' ? rsaWrapper(key) : ed25519Wrapper(key);
}

const NOT_OPENED = 'the entry is for this SSH key, but does not open with it';

// The recipient type ssh-ed25519 (age `agessh/agessh.go`): X25519 with the Ed25519 key turned into one of its kind, and
// a twist by the hash of the SSH key, so that the shared secret is one that the key has for nothing else.
const ED25519_STANZA = 'ssh-ed25519';
const INFO = 'age-encryption.org/v1/ssh-ed25519';

/** Wraps file keys for an Ed25519 key. @throws Error when it is no usable point */
export async function ed25519Wrapper(key: SshEd25519Key): Promise<FileKeyWrapper> {
  const publicKey = await toMontgomery(key.point);
  return {
    async wrap(fileKey) {
      const { generate, secret } = await x25519();
      const ephemeral = generate();
      const shared = twist(key, secret).shared(ephemeral.shared(publicKey));
      const wrapKey = derive(shared, Buffer.concat([ephemeral.publicKey, publicKey]), INFO);
      const args = [sshTag(key), toUnpadded(ephemeral.publicKey)];
      return [{ type: ED25519_STANZA, args, body: await sealFileKey(wrapKey, fileKey) }];
    },
  };
}

/**
 * Unwraps file keys with an Ed25519 key.
 *
 * @param seed 32 bytes, the private key (RFC 8032, section 5.1.5)
 */
export function ed25519Unwrapper(key: SshEd25519Key, seed: Uint8Array): FileKeyUnwrapper {
  const tag = sshTag(key);
  const secrets = once(async () => {
    const { secret } = await x25519();
    const scalar = createHash('sha512').update(seed).digest();
    const own = secret(scalar.subarray(0, 32));
    scalar.fill(0);
    return { own, twisted: twist(key, secret) };
  });
  return {
    async unwrap(stanzas) {
      return unwrapFirst(stanzas, ED25519_STANZA, async ({ args, body }) => {
        const share = shareOf(args, 1, 2);
        if (args[0] !== tag) return undefined;
        const { own, twisted } = await secrets();
        const shared = sharedWith(twisted, sharedWith(own, share));
        const wrapKey = derive(shared, Buffer.concat([share, own.publicKey]), INFO);
        const fileKey = await openFileKey(wrapKey, body);
        if (fileKey === undefined) throw new Error(NOT_OPENED);
        return fileKey;
      });
    },
  };
}

function twist(key: SshEd25519Key, secret: (bytes: Uint8Array) => X25519Secret): X25519Secret {
  return secret(derive(new Uint8Array(), key.wire, INFO));
}

/**
 * The X25519 public key of an Ed25519 one (RFC 7748, section 4.1), which has no sign.
 *
 * @param point 32 bytes, compressed (RFC 8032, section 5.1.2)
 * @throws Error for what is no point, one of low order, or not in its one canonical form
 */
export async function toMontgomery(point: Uint8Array): Promise<Uint8Array> {
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  const bytes = Uint8Array.from(point);
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  if (isLowOrder(ed25519, bytes)) throw new Error('it is no usable Ed25519 public key: a point of low order');
  return ed25519.utils.toMontgomery(bytes);
}

function isLowOrder(
  { Point }: typeof import('@noble/curves/ed25519.js').ed25519,
  bytes: Uint8Array,
): boolean {
  try {
    return Point.fromBytes(bytes).isSmallOrder();
  } catch {
    throw new Error('it is no valid Ed25519 public key');
  }
}

// The recipient type ssh-rsa (age `agessh/agessh.go`): RSAES-OAEP with SHA-256.
const RSA_STANZA = 'ssh-rsa';
const OAEP = {
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
  oaepLabel: Buffer.from('age-encryption.org/v1/ssh-rsa'),
} as const;

/** Wraps file keys for an RSA key. @throws Error when it is none */
export function rsaWrapper(key: SshRsaKey): FileKeyWrapper {
  const n = Buffer.from(key.modulus).toString('base64url');
  const e = Buffer.from(key.exponent).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
  return {
    async wrap(fileKey) {
      const body = publicEncrypt({ key: publicKey, ...OAEP }, fileKey);
      return [{ type: RSA_STANZA, args: [sshTag(key)], body }];
    },
  };
}

/** Unwraps file keys with an RSA key. */
export function rsaUnwrapper(key: SshRsaKey, privateKey: KeyObject): FileKeyUnwrapper {
  const tag = sshTag(key);
  return {
    async unwrap(stanzas) {
      return unwrapFirst(stanzas, RSA_STANZA, ({ args, body }) => {
        if (args.length !== 1) throw new AgeError('header', 'an SSH part of the age header is damaged');
        return args[0] === tag ? decrypt(privateKey, body) : undefined;
      });
    },
  };
}

/** One reason for all failures: which one it was would help to decrypt without the key (RFC 8017, section 7.1.2). */
function decrypt(key: KeyObject, body: Uint8Array): Uint8Array {
  let fileKey: Uint8Array | undefined;
  try {
    fileKey = privateDecrypt({ key, ...OAEP }, body);
  } catch {
    fileKey = undefined;
  }
  if (fileKey?.length !== FILE_KEY_LENGTH) throw new Error(NOT_OPENED);
  return fileKey;
}
