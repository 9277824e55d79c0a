import { lastModifiedOf } from '../../core/tree/time.ts';
import { messageOf, SottoError } from '../../errors.ts';
import { decodeBech32, encodeBech32 } from './bech32.ts';
import { AGE_INTRO } from './file.ts';
import { type FileKeyUnwrapper, once } from './file-key.ts';
import { type Plugins, pluginNameOfIdentity } from './plugin/plugins.ts';
import { HYBRID_IDENTITY_PREFIX, HYBRID_PREFIX, X25519_IDENTITY_PREFIX, X25519_PREFIX } from './prefixes.ts';
import { x25519, x25519Unwrapper } from './x25519.ts';

/** An age identity of any kind. */
export interface AgeKey extends FileKeyUnwrapper {
  /** Whether using it can mean that somebody is asked for something, or has to touch something. */
  readonly asks: boolean;
  /**
   * The recipients that belong to it; none for a plugin's, which only the plugin knows.
   *
   * @throws Error when it takes a passphrase that is not to be had
   */
  recipients(): Promise<readonly string[]>;
  /** What a list of keys shows for it, without asking for anything. */
  describe(): Promise<string>;
}

/** Who helps where a line is not the identity itself. Without one, such a line opens nothing. */
export interface IdentityAids {
  /** Runs plugins. */
  readonly plugins?: Plugins | undefined;
  /** Reads the identity of a recipient from the system's keychain. @throws Error with the reason */
  readonly keychain?: ((recipient: string) => Promise<string>) | undefined;
}

/** Length of what both kinds of identity hold, in bytes. */
const SECRET_LENGTH = 32;
const PLUGIN_PREFIX = /^age-plugin-/i;

const MAKERS: ReadonlyMap<string, (secret: Uint8Array) => AgeKey> = new Map([
  [X25519_IDENTITY_PREFIX, x25519Key],
  [HYBRID_IDENTITY_PREFIX, hybridKey],
]);

/**
 * An identity in age's text form: `AGE-SECRET-KEY-1…`, `AGE-SECRET-KEY-PQ-1…` or `AGE-PLUGIN-NAME-1…`.
 *
 * @param plugins runs plugins; without it their identities open nothing
 * @throws Error that says what is wrong and what it looks like; it does not hold the key
 */
export function parseIdentity(text: string, plugins?: Plugins): AgeKey {
  const lookalike = whatItLooksLike(text);
  if (lookalike !== undefined) throw new Error(lookalike);
  if (PLUGIN_PREFIX.test(text)) return pluginKey(text, plugins);
  const { prefix, bytes } = decodeBech32(text);
  const make = MAKERS.get(prefix);
  if (make === undefined) throw new Error('it is an age identity of an unknown kind');
  if (bytes.length !== SECRET_LENGTH)
    throw new Error(`the age identity holds ${bytes.length} bytes instead of ${SECRET_LENGTH}`);
  return make(bytes);
}

const ESCAPED = 'it has the two characters \\n where a line should end';

function whatItLooksLike(text: string): string | undefined {
  if (text.includes('\\n')) return ESCAPED;
  if (/^age-(?:secret-key|plugin)-/i.test(text)) return undefined;
  if (/^age1/i.test(text))
    return 'an age recipient (the public key) stands where the identity belongs, which begins with AGE-SECRET-KEY-1';
  if (/^(?:ssh|ecdsa|sk)-/.test(text)) return 'an SSH public key stands where an identity belongs';
  if (/age-(?:secret-key|plugin)-/i.test(text))
    return 'an age identity stands in it, but not at its beginning; only the identity may be in the line';
  return 'it does not begin with AGE-SECRET-KEY-1, AGE-SECRET-KEY-PQ-1 or AGE-PLUGIN-';
}

function x25519Key(bytes: Uint8Array): AgeKey {
  const secret = once(async () => (await x25519()).secret(bytes));
  return keyOf(x25519Unwrapper(secret), X25519_PREFIX, async () => (await secret()).publicKey);
}

function hybridKey(secretKey: Uint8Array): AgeKey {
  const load = () => import('./hybrid.ts');
  const unwrap: FileKeyUnwrapper['unwrap'] = async (stanzas) =>
    (await load()).hybridUnwrapper(secretKey).unwrap(stanzas);
  return keyOf({ unwrap }, HYBRID_PREFIX, async () => (await load()).hybridPublicKey(secretKey));
}

function keyOf(unwrapper: FileKeyUnwrapper, prefix: string, publicKey: () => Promise<Uint8Array>): AgeKey {
  const recipient = async (): Promise<string> => encodeBech32(prefix, await publicKey());
  return {
    ...unwrapper,
    asks: false,
    recipients: async () => [await recipient()],
    describe: async () => endsOf(await recipient()),
  };
}

function pluginKey(text: string, plugins: Plugins | undefined): AgeKey {
  const name = pluginNameOfIdentity(text);
  plugins?.addIdentity(name, text.toUpperCase());
  return {
    asks: true,
    recipients: async () => [],
    describe: async () => `an identity of age-plugin-${name}`,
    async unwrap(stanzas) {
      if (plugins === undefined) throw new Error(`age-plugin-${name} is not run here`);
      return plugins.unwrap(name, stanzas);
    },
  };
}

/** It is read when it is first needed: that can mean that somebody is asked. */
function keychainKey(recipient: string, read: IdentityAids['keychain']): AgeKey {
  const key = once(async () => {
    if (read === undefined) throw new Error('it is in the keychain, which is not read here');
    return parseIdentity(await read(recipient));
  });
  return {
    asks: true,
    recipients: async () => [recipient],
    describe: async () => `${endsOf(recipient)} in the keychain`,
    unwrap: async (stanzas) => (await key()).unwrap(stanzas),
  };
}

/** The beginning and the end of a long recipient: post-quantum ones have two thousand characters. */
function endsOf(recipient: string): string {
  return recipient.length <= 100 ? recipient : `${recipient.slice(0, 24)}…${recipient.slice(-8)}`;
}

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

/** A line that says whose identity is in the keychain. To age and sops it is a comment. */
const IN_KEYCHAIN = /^# in the keychain: (age1[a-z0-9]+)$/;

/**
 * The identities in lines of text: one a line, with comments behind `#`. Blanks around a line and CRLF do not matter.
 *
 * @throws Error with the reason and the line, without a key; one bad line spoils the file, as in age
 */
export function parseIdentityLines(text: string, { plugins, keychain }: IdentityAids = {}): AgeKey[] {
  const keys = text.split('\n').flatMap((line, index) => {
    const words = line.trim();
    const [, kept] = IN_KEYCHAIN.exec(words) ?? [];
    if (kept !== undefined) return [keychainKey(kept, keychain)];
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
  throw new Error(`there is no identity in it${text.includes('\\n') ? `; ${ESCAPED}` : ''}`);
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

/** The text of an identity file whose identity is in the keychain. */
export function keychainFile(now: Date, recipient: string): string {
  return `${createdLine(now)}# in the keychain: ${recipient}\n`;
}

/** The line of the identity in the text of a {@link NewIdentityFile}. */
export function identityIn(text: string): string {
  return text.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? '';
}

function createdLine(now: Date): string {
  return `# created: ${lastModifiedOf(now)}\n`;
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
  return { text: `${createdLine(now)}# public key: ${recipient}\n${identity}\n`, recipient };
}
