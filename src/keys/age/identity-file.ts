import { ARMOR_BEGIN, dearmor } from './armor.ts';
import { AGE_INTRO, parseAgeFile } from './file.ts';
import type { AgeKey } from './identity.ts';
import { decodeIdentities, parseIdentityLines } from './identity-lines.ts';
import { passphraseIdentity } from './passphrase-identity.ts';
import type { Plugins } from './plugin/plugins.ts';
import { parseSshIdentity } from './ssh/identity.ts';

/** What an identity file can need besides its bytes. */
export interface IdentitySource {
  /** Where the bytes come from, for messages. */
  readonly name: string;
  /** Asks for the passphrase. @throws Error when nobody can be asked */
  readonly passphrase: () => Promise<string>;
  /** The text of the `.pub` file beside an SSH key, if there is one. */
  readonly publicText?: () => string | undefined;
  readonly plugins?: Plugins;
}

/**
 * The identities in an identity file of any form: lines of text; such a file protected with a passphrase by age, armored
 * or not; or an SSH key.
 *
 * @throws Error with the reason, and the line where there are lines, without a key
 */
export function parseIdentityFile(bytes: Uint8Array, source: IdentitySource): AgeKey[] {
  if (Buffer.from(bytes.subarray(0, AGE_INTRO.length)).toString('latin1') === AGE_INTRO)
    return [protectedBy(bytes, source)];
  const text = decodeIdentities(bytes);
  const start = text.trimStart();
  if (start.startsWith(ARMOR_BEGIN)) return [protectedBy(dearmor(text), source)];
  if (start.startsWith('-----BEGIN'))
    return [parseSshIdentity(text, { ...source, publicText: source.publicText ?? (() => undefined) })];
  return parseIdentityLines(text, source.plugins);
}

function protectedBy(bytes: Uint8Array, { passphrase, plugins }: IdentitySource): AgeKey {
  return passphraseIdentity(parseAgeFile(bytes), passphrase, (text) => parseIdentityLines(text, plugins));
}
