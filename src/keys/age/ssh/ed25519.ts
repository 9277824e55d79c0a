import { createHash } from 'node:crypto';
import { openFileKey, sealFileKey } from '../aead.ts';
import { toUnpadded } from '../base64.ts';
import { type FileKeyUnwrapper, type FileKeyWrapper, once, unwrapFirst } from '../file-key.ts';
import { derive } from '../kdf.ts';
import { type X25519Secret, x25519 } from '../x25519.ts';
import { sharedWith, shareOf } from '../x25519-key.ts';
import { toMontgomery } from './edwards.ts';
import { type SshEd25519Key, sshTag } from './public-key.ts';

// The recipient type ssh-ed25519 (age `agessh/agessh.go`): X25519 with the Ed25519 key turned into one of its kind, and
// a twist by the hash of the SSH key, so that the shared secret is one that the key has for nothing else.
const STANZA = 'ssh-ed25519';
const INFO = 'age-encryption.org/v1/ssh-ed25519';

/** Wraps file keys for an Ed25519 key. @throws Error when it is no usable point */
export function ed25519Wrapper(key: SshEd25519Key): FileKeyWrapper {
  const publicKey = toMontgomery(key.point);
  return {
    async wrap(fileKey) {
      const { generate, secret } = await x25519();
      const ephemeral = generate();
      const shared = twist(key, secret).shared(ephemeral.shared(publicKey));
      const wrapKey = derive(shared, Buffer.concat([ephemeral.publicKey, publicKey]), INFO);
      const args = [sshTag(key), toUnpadded(ephemeral.publicKey)];
      return [{ type: STANZA, args, body: await sealFileKey(wrapKey, fileKey) }];
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
      return unwrapFirst(stanzas, STANZA, async ({ args, body }) => {
        const share = shareOf(args, 1, 2);
        if (args[0] !== tag) return undefined;
        const { own, twisted } = await secrets();
        const shared = sharedWith(twisted, sharedWith(own, share));
        const wrapKey = derive(shared, Buffer.concat([share, own.publicKey]), INFO);
        const fileKey = await openFileKey(wrapKey, body);
        if (fileKey === undefined)
          throw new Error('the entry is for this SSH key, but does not open with it');
        return fileKey;
      });
    },
  };
}

function twist(key: SshEd25519Key, secret: (bytes: Uint8Array) => X25519Secret): X25519Secret {
  return secret(derive(new Uint8Array(), key.wire, INFO));
}
