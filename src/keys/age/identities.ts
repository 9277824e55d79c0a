import { messageOf, SottoError } from '../../errors.ts';
import { type AgeIdentity, ageIdentity } from './entry.ts';
import { parseIdentityFile } from './identity-file.ts';

/**
 * The identities in the text of an identity file, for the library.
 *
 * @param source where the text comes from, for messages
 * @param passphrase called once if the identities are protected with one
 * @throws SottoError `identity-invalid` with the reason and the line, which holds no key
 */
export function parseIdentities(
  text: string,
  source: string,
  passphrase?: () => Promise<string>,
): AgeIdentity[] {
  const ask = (): Promise<string> =>
    passphrase?.() ?? Promise.reject(new Error('it is protected with a passphrase, and none was given'));
  try {
    const keys = parseIdentityFile(Buffer.from(text), { name: source, passphrase: ask });
    return keys.map((key) => ageIdentity(key, source));
  } catch (error) {
    throw new SottoError('identity-invalid', `${source}: ${messageOf(error)}`);
  }
}
