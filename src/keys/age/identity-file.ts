import { messageOf, SottoError } from '../../errors.ts';
import { ARMOR_BEGIN, dearmor } from './armor.ts';
import { type AgeIdentity, ageIdentity } from './entry.ts';
import { AGE_INTRO, parseAgeFile } from './file.ts';
import { type AgeKey, decodeIdentities, type IdentityAids, parseIdentityLines } from './identity.ts';
import { passphraseIdentity } from './scrypt.ts';
import { parseSshIdentity } from './ssh/identity.ts';

/** What reading an identity file can need besides its bytes. */
export interface IdentityFileOptions extends IdentityAids {
  /** Where the bytes come from, for messages. */
  readonly name: string;
  /** Asks for the passphrase. @throws Error when nobody can be asked */
  readonly passphrase: () => Promise<string>;
  /** The text of the `.pub` file beside an SSH key, if there is one. */
  readonly publicText?: () => string | undefined;
}

/**
 * The identities in an identity file of any form: lines of text; such a file protected with a passphrase by age, armored
 * or not; or an SSH key.
 *
 * @throws Error with the reason, and the line where there are lines, without a key
 */
export function parseIdentityFile(bytes: Uint8Array, options: IdentityFileOptions): AgeKey[] {
  if (Buffer.from(bytes.subarray(0, AGE_INTRO.length)).toString('latin1') === AGE_INTRO)
    return [protectedBy(bytes, options)];
  const text = decodeIdentities(bytes);
  const start = text.trimStart();
  if (start.startsWith(ARMOR_BEGIN)) return [protectedBy(dearmor(text), options)];
  if (start.startsWith('-----BEGIN'))
    return [parseSshIdentity(text, { ...options, publicText: options.publicText ?? (() => undefined) })];
  return parseIdentityLines(text, options);
}

function protectedBy(bytes: Uint8Array, options: IdentityFileOptions): AgeKey {
  return passphraseIdentity(parseAgeFile(bytes), options.passphrase, (text) =>
    parseIdentityLines(text, options),
  );
}

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
