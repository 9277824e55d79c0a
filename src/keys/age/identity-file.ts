import { SottoError } from '../../errors.ts';
import { ARMOR_BEGIN, dearmor } from './armor.ts';
import { encodeBech32 } from './bech32.ts';
import { AGE_INTRO, parseAgeFile } from './file.ts';
import type { AgeKey } from './identity.ts';
import { HYBRID_IDENTITY_PREFIX, parseIdentity, X25519_IDENTITY_PREFIX } from './identity.ts';
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

const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The identities in an identity file: one a line, with comments behind `#`; or such a file protected with a passphrase
 * by age, armored or not; or an SSH key. Blanks around a line, CRLF and a byte order mark do not matter.
 *
 * @throws Error with the reason and the line, without a key; one bad line spoils the file, as in age
 */
export function parseIdentityFile(bytes: Uint8Array, source: IdentitySource): AgeKey[] {
  if (Buffer.from(bytes.subarray(0, AGE_INTRO.length)).toString('latin1') === AGE_INTRO)
    return [protectedBy(bytes, source)];
  const text = decode(bytes);
  const start = text.trimStart();
  if (start.startsWith(ARMOR_BEGIN)) return [protectedBy(dearmor(text), source)];
  if (start.startsWith('-----BEGIN'))
    return [parseSshIdentity(text, { ...source, publicText: source.publicText ?? (() => undefined) })];
  const keys = parseLines(text, source);
  if (keys.length === 0) throw new Error('there is no identity in it');
  return keys;
}

function decode(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) throw new Error('it is in UTF-16, as PowerShell writes; save it as UTF-8');
  try {
    return STRICT_UTF_8.decode(bytes);
  } catch {
    throw new Error('it is no text, and no file of age');
  }
}

function protectedBy(bytes: Uint8Array, { name, passphrase, plugins }: IdentitySource): AgeKey {
  const inner: IdentitySource = { name, passphrase, ...(plugins === undefined ? {} : { plugins }) };
  return passphraseIdentity(parseAgeFile(bytes), passphrase, (text) => parseLines(text, inner));
}

function parseLines(text: string, { plugins }: IdentitySource): AgeKey[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) return [];
    return [atLine(index + 1, () => parseIdentity(words, plugins))];
  });
}

/** Identities between white space, several in a line if need be, as SOPS_AGE_KEY has them. @throws Error */
export function parseIdentityWords(text: string, { plugins }: IdentitySource): AgeKey[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trimStart().startsWith('#')) return [];
    const words = line.split(/\s+/).filter((word) => word !== '');
    return words.map((word) => atLine(index + 1, () => parseIdentity(word, plugins)));
  });
}

function atLine<Result>(line: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new Error(`line ${line}: ${error instanceof Error ? error.message : 'damaged'}`);
  }
}

/** A new identity file. */
export interface NewIdentityFile {
  readonly text: string;
  readonly recipient: string;
}

/**
 * The text of a new identity file, as age-keygen writes it.
 *
 * @param kind `hybrid` is safe against quantum computers; its recipient has two thousand characters
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
