import { constants, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { FILE_KEY_LENGTH } from '../aead.ts';
import { AgeError } from '../age-error.ts';
import { type FileKeyUnwrapper, type FileKeyWrapper, unwrapFirst } from '../file-key.ts';
import { type SshRsaKey, sshTag } from './public-key.ts';

// The recipient type ssh-rsa (age `agessh/agessh.go`): RSAES-OAEP with SHA-256.
const STANZA = 'ssh-rsa';
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
      return [{ type: STANZA, args: [sshTag(key)], body }];
    },
  };
}

/** Unwraps file keys with an RSA key. */
export function rsaUnwrapper(key: SshRsaKey, privateKey: KeyObject): FileKeyUnwrapper {
  const tag = sshTag(key);
  return {
    async unwrap(stanzas) {
      return unwrapFirst(stanzas, STANZA, ({ args, body }) => {
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
  if (fileKey?.length !== FILE_KEY_LENGTH)
    throw new Error('the entry is for this SSH key, but does not open with it');
  return fileKey;
}
