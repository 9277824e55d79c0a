import type { KeyEntry } from '../core/metadata.ts';
import { SottoError } from '../errors.ts';
import {
  type AgeFile,
  derive,
  FILE_KEY_LENGTH,
  openAgeFile,
  openSmall,
  parseAgeFile,
  type Stanza,
  sealAgeFile,
  sealSmall,
  toUnpadded,
  unpadded,
} from './age-file.ts';
import { armor, dearmor } from './armor.ts';
import { decodeBech32, encodeBech32 } from './bech32.ts';
import type { Identity, Recipient } from './key.ts';
import { newKeyPair, publicKeyOf, sharedSecret, X25519_LENGTH } from './x25519.ts';

const KIND = 'age';
const RECIPIENT_PREFIX = 'age';
const IDENTITY_PREFIX = 'age-secret-key-';
const STANZA = 'X25519';
const INFO = 'age-encryption.org/v1/X25519';
const ZERO_NONCE = new Uint8Array(12);

/**
 * An age recipient, `age1…`.
 *
 * @throws SottoError `recipient-invalid`
 */
export function ageRecipient(text: string): Recipient {
  const id = text.trim();
  const key = recipientKey(id);
  return {
    kind: KIND,
    id,
    wrap: async (dataKey) => ({
      kind: KIND,
      fields: { recipient: id, enc: armor(sealAgeFile(dataKey, (fileKey) => [wrapFileKey(fileKey, key)])) },
    }),
  };
}

function recipientKey(text: string): Uint8Array {
  const invalid = (reason: string): SottoError =>
    new SottoError(
      'recipient-invalid',
      `failed to parse input as Bech32-encoded age public key: malformed recipient "${text}": ${reason}`,
      {
        hint: 'an age recipient looks like age1…; "sotto keygen --show FILE" prints that of an identity file',
      },
    );
  if (/^AGE-SECRET-KEY-/i.test(text)) {
    throw new SottoError('recipient-invalid', 'a secret key stands in the place of a recipient', {
      hint: 'the recipient is the public key, age1…; if the secret key was committed, it has to be replaced',
    });
  }
  if (/^(?:ssh-|age1pq1|age1[a-z0-9-]+1)/.test(text))
    throw invalid('this kind of age recipient is not supported yet');
  try {
    const { prefix, bytes } = decodeBech32(text);
    if (prefix === RECIPIENT_PREFIX && bytes.length === X25519_LENGTH) return bytes;
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'it is damaged');
  }
  throw invalid('it is no X25519 key');
}

function wrapFileKey(fileKey: Uint8Array, recipient: Uint8Array): Stanza {
  const ephemeral = newKeyPair();
  const key = wrapKey(sharedSecret(ephemeral.secret, recipient), ephemeral.public, recipient);
  return { type: STANZA, args: [toUnpadded(ephemeral.public)], body: sealSmall(key, ZERO_NONCE, fileKey) };
}

function wrapKey(shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array {
  return derive(shared, Buffer.concat([ephemeral, recipient]), INFO, 32);
}

/** An age identity, and the recipient that belongs to it. */
export interface AgeIdentity extends Identity {
  readonly recipient: string;
}

/**
 * An age identity, `AGE-SECRET-KEY-1…`.
 *
 * @param source where it comes from, for messages
 * @throws Error with the reason, which does not hold the key
 */
export function ageIdentity(text: string, source: string): AgeIdentity {
  if (/^AGE-PLUGIN-/i.test(text)) throw new Error('age plugins are not supported yet');
  if (/^AGE-SECRET-KEY-PQ-/i.test(text)) throw new Error('post-quantum age identities are not supported yet');
  const { prefix, bytes: secret } = decodeIdentity(text);
  if (prefix !== IDENTITY_PREFIX || secret.length !== X25519_LENGTH) throw new Error('it is no age identity');
  const publicKey = publicKeyOf(secret);
  return {
    kind: KIND,
    source,
    recipient: encodeBech32(RECIPIENT_PREFIX, publicKey),
    unwrap: async (entry) => unwrapEntry(entry, secret, publicKey),
  };
}

function decodeIdentity(text: string): ReturnType<typeof decodeBech32> {
  if (!/^age-secret-key-1/i.test(text)) throw new Error('it does not begin with AGE-SECRET-KEY-1');
  return decodeBech32(text);
}

function unwrapEntry({ fields }: KeyEntry, secret: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  const { enc } = fields;
  if (typeof enc !== 'string') throw new Error('the entry has no enc');
  const file = parseAgeFile(dearmor(enc));
  const fileKey = unwrapFileKey(file, secret, publicKey);
  return fileKey === undefined ? null : openAgeFile(file, fileKey);
}

function unwrapFileKey(
  { stanzas }: AgeFile,
  secret: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  for (const { type, args, body } of stanzas) {
    const [share, another] = args;
    if (type !== STANZA) continue;
    if (share === undefined || another !== undefined) throw new Error('the age header is damaged');
    const ephemeral = unpadded(share);
    if (ephemeral.length !== X25519_LENGTH) throw new Error('the age header is damaged');
    const key = wrapKey(sharedSecret(secret, ephemeral), ephemeral, publicKey);
    try {
      const fileKey = openSmall(key, ZERO_NONCE, body);
      if (fileKey.length === FILE_KEY_LENGTH) return fileKey;
    } catch {
      // Wrapped for another recipient.
    }
  }
  return undefined;
}

/** A new identity in age's text form, and its recipient. */
export function newAgeIdentity(): { readonly identity: string; readonly recipient: string } {
  const pair = newKeyPair();
  return {
    identity: encodeBech32(IDENTITY_PREFIX, pair.secret).toUpperCase(),
    recipient: encodeBech32(RECIPIENT_PREFIX, pair.public),
  };
}
