import { decodeBech32, encodeBech32 } from './bech32.ts';
import { type FileKeyUnwrapper, once } from './file-key.ts';
import { pluginNameOfIdentity } from './plugin/name.ts';
import type { Plugins } from './plugin/plugins.ts';
import { HYBRID_PREFIX, X25519_PREFIX } from './recipient.ts';
import { x25519 } from './x25519.ts';
import { x25519Unwrapper } from './x25519-key.ts';

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

/** Length of what both kinds of identity hold, in bytes. */
const SECRET_LENGTH = 32;
/** What stands before the separator of an X25519 identity, in Bech32. */
export const X25519_IDENTITY_PREFIX = 'age-secret-key-';
/** What stands before the separator of a hybrid identity, in Bech32. */
export const HYBRID_IDENTITY_PREFIX = 'age-secret-key-pq-';
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

function whatItLooksLike(text: string): string | undefined {
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
  return keyOf(x25519Unwrapper(secret), X25519_PREFIX, secret);
}

function hybridKey(seed: Uint8Array): AgeKey {
  const secret = once(async () => {
    const { hybridSecret } = await import('./hybrid-kem.ts');
    return hybridSecret(seed);
  });
  const unwrap: FileKeyUnwrapper['unwrap'] = async (stanzas) => {
    const { hybridUnwrapper } = await import('./hybrid-key.ts');
    return hybridUnwrapper(secret).unwrap(stanzas);
  };
  return keyOf({ unwrap }, HYBRID_PREFIX, secret);
}

function keyOf(
  unwrapper: FileKeyUnwrapper,
  prefix: string,
  secret: () => Promise<{ readonly publicKey: Uint8Array }>,
): AgeKey {
  const recipient = async (): Promise<string> => encodeBech32(prefix, (await secret()).publicKey);
  return {
    ...unwrapper,
    asks: false,
    recipients: async () => [await recipient()],
    describe: async () => shortened(await recipient()),
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

/** Post-quantum recipients have two thousand characters; nobody reads them. */
export function shortened(recipient: string): string {
  return recipient.length <= 100 ? recipient : `${recipient.slice(0, 24)}…${recipient.slice(-8)}`;
}
