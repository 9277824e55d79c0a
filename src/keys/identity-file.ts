import { type AgeIdentity, ageIdentity, newAgeIdentity } from './age.ts';

/**
 * The identities in the text of an identity file: one a line, comments with `#`.
 *
 * @param source where the text comes from, for messages
 * @throws Error with the reason and line, which does not hold a key; one bad line spoils the file, as in age
 */
export function parseIdentities(text: string, source: string): AgeIdentity[] {
  if (text.startsWith('-----BEGIN AGE ENCRYPTED FILE-----') || text.startsWith('age-encryption.org/')) {
    throw new Error('identity files with a passphrase are not supported yet');
  }
  const identities = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    try {
      return [ageIdentity(line, source)];
    } catch (error) {
      throw new Error(`line ${index + 1}: ${error instanceof Error ? error.message : 'damaged'}`);
    }
  });
  if (identities.length === 0) throw new Error('there is no identity in it');
  return identities;
}

/** The text of a new identity file, as age-keygen writes it. */
export function newIdentityFile(now: Date): { readonly text: string; readonly recipient: string } {
  const { identity, recipient } = newAgeIdentity();
  const created = `${now.toISOString().slice(0, 19)}Z`;
  return { text: `# created: ${created}\n# public key: ${recipient}\n${identity}\n`, recipient };
}
