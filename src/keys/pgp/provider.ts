import type { KeyEntry } from '../../core/sops/metadata.ts';
import { lastModifiedOf } from '../../core/tree/time.ts';
import { messageOf } from '../../errors.ts';
import { encOf } from '../entry.ts';
import type { KeyHost } from '../host.ts';
import type { KeyProvider, KeySource } from '../kind.ts';
import { bare, digitsOf, LONG_ID_LENGTH, requireFingerprint, V5_LENGTH } from './fingerprint.ts';
import { type Encrypted, Gpg } from './gpg.ts';

const KIND = 'pgp';

/** PGP keys at work: gpg has the keys, and asks for what it needs. */
export function pgpProvider(host: KeyHost): KeyProvider {
  const gpg = new Gpg(host);
  const identity = {
    kind: KIND,
    source: 'gpg',
    unwrap: async (entry: KeyEntry) => gpg.decrypt(encOf(entry)),
  };
  return {
    recipient: async (text) => {
      const id = requireFingerprint(text.replaceAll(' ', ''));
      return { kind: KIND, id, wrap: (dataKey) => wrap(gpg, id, dataKey, host.now()) };
    },
    identitiesFor: async () => {
      gpg.requirePath();
      return [identity];
    },
    noMatch: 'gpg has no secret key for it',
    advice: 'import the secret key (gpg --import FILE), or set GNUPGHOME to the folder that has it',
    sources: async () => [sourceOf(gpg, host)],
  };
}

async function wrap(gpg: Gpg, id: string, dataKey: Uint8Array, now: Date): Promise<KeyEntry> {
  const { message, fingerprint } = await encryptFor(gpg, id, dataKey);
  const isLongId = digitsOf(id).length === LONG_ID_LENGTH && fingerprint.endsWith(digitsOf(id));
  return {
    kind: KIND,
    fields: { created_at: lastModifiedOf(now), enc: message, fp: isLongId ? fingerprint : id },
  };
}

/**
 * Of a key with several subkeys gpg takes the one that it likes best, also when another one was named, unless that has
 * a `!` behind it. Who names a subkey means that one, and the file is to say for whom it is.
 */
async function encryptFor(gpg: Gpg, id: string, dataKey: Uint8Array): Promise<Encrypted> {
  const encrypted = await gpg.encrypt(dataKey, id);
  if (names(id, encrypted)) return encrypted;
  const exact = `${bare(id)}!`;
  const again = await gpg.encrypt(dataKey, exact).catch((error) => {
    throw new Error(`it is a subkey with which gpg can not encrypt (${exact}: ${messageOf(error)})`);
  });
  if (names(id, again)) return again;
  throw new Error(`gpg encrypted for the key ${again.keyId} instead; write ${exact}, or name another key`);
}

/** Whether a text names the key for which a message is encrypted: that key itself, or the primary one above it, if gpg said which. */
function names(id: string, { fingerprint, keyId }: Encrypted): boolean {
  if (fingerprint === '') return true;
  const wanted = digitsOf(bare(id));
  const isPrimary = wanted.length === LONG_ID_LENGTH ? fingerprint.endsWith(wanted) : fingerprint === wanted;
  if (isPrimary && !id.endsWith('!')) return true;
  return (
    (wanted.length === V5_LENGTH ? wanted.slice(0, LONG_ID_LENGTH) : wanted.slice(-LONG_ID_LENGTH)) === keyId
  );
}

function sourceOf(gpg: Gpg, { environment }: KeyHost): KeySource {
  const { path, name } = gpg;
  if (path === undefined) return { name, holds: [], problem: 'not found' };
  const home = environment['GNUPGHOME'];
  const problem = 'it has no secret key for it';
  return {
    name: home === undefined || home === '' ? path : `${path}, GNUPGHOME=${home}`,
    holds: [],
    problem,
  };
}
