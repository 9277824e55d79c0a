import { messageOf, SottoError } from '../errors.ts';
import { newIdentityFile } from '../keys/age/identity.ts';
import { parseIdentities as parseAgeIdentities } from '../keys/age/identity-file.ts';
import type { Identity } from '../keys/kind.ts';

/**
 * Make a new age identity, `AGE-SECRET-KEY-1…`, or `AGE-SECRET-KEY-PQ-1…` for a hybrid one, which is safe against
 * quantum computers; its recipient has two thousand characters.
 *
 * @example
 * const identity = await generateIdentity();
 * identity.startsWith('AGE-SECRET-KEY-1'); // true
 */
export async function generateIdentity(kind: 'x25519' | 'hybrid' = 'x25519'): Promise<string> {
  const { text } = await newIdentityFile(new Date(), kind);
  return text.slice(text.indexOf('AGE-SECRET-KEY-')).trimEnd();
}

/**
 * The recipient that belongs to an identity: `age1…`, or an SSH public key.
 *
 * @param identity one identity: its line, or the text of a file with it
 * @param passphrase called if it is protected with one
 * @throws SottoError `identity-invalid`, of a plugin's identity as well: only the plugin knows its recipient
 *
 * @example
 * const recipient = await identityToRecipient(await generateIdentity());
 * recipient.startsWith('age1'); // true
 */
export async function identityToRecipient(
  identity: string,
  passphrase?: () => Promise<string>,
): Promise<string> {
  const [only, another] = parseAgeIdentities(identity, 'the given identity', passphrase);
  if (another !== undefined) throw new SottoError('identity-invalid', 'the text holds several identities');
  const [recipient] = only === undefined ? [] : await recipientsOf(only.key);
  if (recipient !== undefined) return recipient;
  throw new SottoError('identity-invalid', 'the recipient of this identity is not known here', {
    hint: 'the plugin that it belongs to prints it',
  });
}

/**
 * The identities in the text of an identity file, of age or of SSH.
 *
 * @param source where the text comes from, for messages
 * @param passphrase called once if the identities are protected with one
 * @throws SottoError `identity-invalid` with the reason and the line, which holds no key
 *
 * @example
 * const identities: Identity[] = parseIdentities(`# mine\n${identity}\n`, 'the vault');
 * identities.map(({ source }) => source); // ['the vault']
 */
export function parseIdentities(
  text: string,
  source = 'the given identities',
  passphrase?: () => Promise<string>,
): Identity[] {
  return parseAgeIdentities(text, source, passphrase);
}

async function recipientsOf(key: { recipients(): Promise<readonly string[]> }): Promise<readonly string[]> {
  try {
    return await key.recipients();
  } catch (error) {
    throw new SottoError('identity-invalid', `the given identity: ${messageOf(error)}`);
  }
}
