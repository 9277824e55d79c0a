import { messageOf, SottoError } from '../../errors.ts';
import { encodeBech32 } from './bech32.ts';
import { AGE_INTRO } from './file.ts';
import { type AgeKey, HYBRID_IDENTITY_PREFIX, parseIdentity, X25519_IDENTITY_PREFIX } from './identity.ts';
import type { Plugins } from './plugin/plugins.ts';

const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Whether the bytes are lines of text, and neither an age file nor anything in PEM or armor. */
export function isPlain(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1').trimStart();
  return !start.startsWith(AGE_INTRO) && !start.startsWith('-----BEGIN');
}

/** Bytes as text. A byte order mark goes. @throws Error for another encoding than UTF-8 */
export function decodeIdentities(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) throw new Error('it is in UTF-16, as PowerShell writes; save it as UTF-8');
  try {
    return STRICT_UTF_8.decode(bytes);
  } catch {
    throw new Error('it is no text, and no file of age');
  }
}

/**
 * The identities in lines of text: one a line, with comments behind `#`. Blanks around a line and CRLF do not matter.
 *
 * @throws Error with the reason and the line, without a key; one bad line spoils the file, as in age
 */
export function parseIdentityLines(text: string, plugins?: Plugins): AgeKey[] {
  const keys = text.split('\n').flatMap((line, index) => {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) return [];
    return [atLine(index + 1, () => parseIdentity(words, plugins))];
  });
  if (keys.length === 0) throw new Error('there is no identity in it');
  return keys;
}

/** Identities between white space, several in a line if need be, as SOPS_AGE_KEY has them. @throws Error */
export function parseIdentityWords(text: string, plugins?: Plugins): AgeKey[] {
  const keys = text.split('\n').flatMap((line, index) => {
    if (line.trimStart().startsWith('#')) return [];
    const words = line.split(/\s+/).filter((word) => word !== '');
    return words.map((word) => atLine(index + 1, () => parseIdentity(word, plugins)));
  });
  if (keys.length > 0) return keys;
  const escaped = text.includes('\\n') ? '; it has the two characters \\n where a line should end' : '';
  throw new Error(`there is no identity in it${escaped}`);
}

function atLine<Result>(line: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new Error(`line ${line}: ${messageOf(error)}`);
  }
}

/**
 * A new identity file.
 *
 * @example
 * const file: NewIdentityFile = await newIdentityFile(new Date());
 * file.text.includes(`# public key: ${file.recipient}\n`); // true
 */
export interface NewIdentityFile {
  readonly text: string;
  readonly recipient: string;
}

/**
 * The text of a new identity file, as age-keygen writes it.
 *
 * @param kind `hybrid` is safe against quantum computers; its recipient has two thousand characters
 *
 * @example
 * const { text, recipient } = await newIdentityFile(new Date('2026-01-02T03:04:05Z'));
 * text.startsWith('# created: 2026-01-02T03:04:05Z\n'); // true
 * (await identityToRecipient(text)) === recipient; // true
 */
export async function newIdentityFile(
  now: Date,
  kind: 'x25519' | 'hybrid' = 'x25519',
): Promise<NewIdentityFile> {
  const prefix = kind === 'hybrid' ? HYBRID_IDENTITY_PREFIX : X25519_IDENTITY_PREFIX;
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const identity = encodeBech32(prefix, seed).toUpperCase();
  seed.fill(0);
  const [recipient] = await parseIdentity(identity).recipients();
  if (recipient === undefined) throw new SottoError('internal', 'a new identity has no recipient');
  const created = `${now.toISOString().slice(0, 19)}Z`;
  return { text: `# created: ${created}\n# public key: ${recipient}\n${identity}\n`, recipient };
}
