import { type AgeFile, openAgeFile } from './file.ts';
import { once } from './file-key.ts';
import type { AgeKey } from './identity.ts';
import { hasPassphrase, scryptUnwrapper } from './scrypt-key.ts';

/**
 * The identities in a file that is protected with a passphrase. It is asked for when the first of them is needed, and
 * once.
 *
 * @param parse reads the identities in what was protected
 * @throws Error when it is protected otherwise than with a passphrase
 */
export function passphraseIdentity(
  file: AgeFile,
  passphrase: () => Promise<string>,
  parse: (text: string) => readonly AgeKey[],
): AgeKey {
  if (!hasPassphrase(file.stanzas))
    throw new Error('it is encrypted, but not with a passphrase; decrypt it with age first');
  const keys = once(async () => {
    const opened = await openAgeFile(file, scryptUnwrapper(passphrase));
    if (opened === null) throw new Error('the passphrase is wrong');
    const text = Buffer.from(opened).toString('utf8');
    opened.fill(0);
    return parse(text);
  });
  return {
    asks: true,
    recipients: async () => {
      const all = await Promise.all((await keys()).map((key) => key.recipients()));
      return all.flat();
    },
    describe: async () => 'protected with a passphrase',
    async unwrap(stanzas) {
      for (const key of await keys()) {
        const fileKey = await key.unwrap(stanzas);
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}
