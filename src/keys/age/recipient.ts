import { messageOf, SottoError } from '../../errors.ts';
import type { Recipient } from '../kind.ts';
import { refuseSecret } from '../recipient-text.ts';
import { armor } from './armor.ts';
import { Bech32Error, decodeBech32 } from './bech32.ts';
import { KIND } from './entry.ts';
import { sealAgeFile } from './file.ts';
import { type FileKeyWrapper, newFileKey, type WrappedFileKey } from './file-key.ts';
import { type Plugins, pluginNameOfRecipient } from './plugin/plugins.ts';
import { HYBRID_PREFIX, X25519_PREFIX } from './prefixes.ts';
import { sshWrapper } from './ssh/recipient.ts';
import { x25519Wrapper } from './x25519.ts';

const X25519_LENGTH = 32;
const HYBRID_LENGTH = 1216;
/** The longest part of a malformed recipient that is shown: whatever stands there may be secret. */
const SHOWN = 20;

/** What a recipient's text says. */
interface ParsedRecipient {
  /** Makes the key of a file, wrapped for the recipient. */
  readonly makeFileKey: () => Promise<WrappedFileKey>;
  /** Whether it withstands quantum computers; `undefined` where only a plugin knows. */
  readonly isPostQuantum: boolean | undefined;
}

/**
 * An age recipient: `age1…`, `age1pq1…`, `age1NAME1…` of a plugin, `ssh-ed25519 …` or `ssh-rsa …`.
 *
 * @param plugins runs plugins; without it their recipients can be named, but not wrapped for
 * @throws SottoError `recipient-invalid` that says what it looks like; a secret key is not shown
 */
export async function ageRecipient(text: string, plugins?: Plugins): Promise<Recipient> {
  const id = text.trim();
  refuseSecret(id);
  const { makeFileKey, isPostQuantum } = await parse(id, plugins);
  return {
    kind: KIND,
    id,
    isPostQuantum,
    wrap: async (dataKey) => ({
      kind: KIND,
      fields: { recipient: id, enc: armor(await sealAgeFile(dataKey, await makeFileKey())) },
    }),
  };
}

async function parse(text: string, plugins: Plugins | undefined): Promise<ParsedRecipient> {
  if (text.startsWith('ssh-')) {
    const what = 'age-ssh public key';
    return { makeFileKey: wrapping(await checked(text, what, () => sshWrapper(text))), isPostQuantum: false };
  }
  if (!text.startsWith('age1')) throw unknown(text);
  const what = 'Bech32-encoded age public key';
  if (text.startsWith('age1pq1')) {
    const key = await checked(text, what, () => bytesOf(text, HYBRID_PREFIX, HYBRID_LENGTH));
    const wrap: FileKeyWrapper['wrap'] = async (fileKey) => {
      const { hybridWrapper } = await import('./hybrid.ts');
      return hybridWrapper(key).wrap(fileKey);
    };
    return { makeFileKey: wrapping({ wrap }), isPostQuantum: true };
  }
  if (text.indexOf('1', 'age1'.length) === -1) {
    const key = await checked(text, what, () => bytesOf(text, X25519_PREFIX, X25519_LENGTH));
    return { makeFileKey: wrapping(x25519Wrapper(key)), isPostQuantum: false };
  }
  const name = await checked(text, 'age key from age plugin', () => pluginNameOfRecipient(text));
  return {
    makeFileKey: async () => {
      if (plugins === undefined) throw new Error(`age-plugin-${name} is not run here`);
      return plugins.newFileKey(name, text);
    },
    // The one kind of plugin recipient whose nature age itself defines (C2SP age.md, tagged recipients).
    isPostQuantum: name === 'tagpq' ? true : undefined,
  };
}

/** Each age file of ours has one recipient, so each gets a file key of its own. */
function wrapping(wrapper: FileKeyWrapper): () => Promise<WrappedFileKey> {
  return async () => {
    const fileKey = newFileKey();
    return { fileKey, stanzas: await wrapper.wrap(fileKey) };
  };
}

function bytesOf(text: string, expected: string, length: number): Uint8Array {
  const { prefix, bytes } = decodeBech32(text);
  if (prefix === expected && bytes.length === length) return bytes;
  throw new Error(
    prefix === expected ? `it holds ${bytes.length} bytes instead of ${length}` : 'it is of an unknown kind',
  );
}

/** @throws SottoError `recipient-invalid`, in sops's words as far as it has some */
async function checked<Result>(
  text: string,
  what: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const reason = messageOf(error);
    const problem = `failed to parse input as ${what}: malformed recipient "${excerpt(text)}"`;
    throw new SottoError('recipient-invalid', `"${excerpt(text)}" is no age recipient: ${reason}`, {
      inSops: `${problem}: ${error instanceof Bech32Error ? error.inSops : reason}`,
      hint: 'copy it again as a whole; "sotto keygen --show FILE" prints the recipient of an identity file',
    });
  }
}

function unknown(text: string): SottoError {
  return new SottoError('recipient-invalid', `"${excerpt(text)}" is no age recipient`, {
    inSops: `failed to parse input, unknown recipient type: "${excerpt(text)}"`,
    hint:
      whatItLooksLike(text) ??
      'an age recipient looks like age1…, ssh-ed25519 … or ssh-rsa …; "sotto keygen --show FILE" prints that of an identity file',
  });
}

function whatItLooksLike(text: string): string | undefined {
  if (/^age1/i.test(text)) return 'age recipients are written in lower case';
  if (/^["']/.test(text)) return 'leave out the quotation marks around it';
  if (/^(?:ecdsa|sk-ssh|sk-ecdsa)-/.test(text))
    return 'age takes SSH keys of the types ssh-ed25519 and ssh-rsa only';
  if (/^github:|^https:\/\/github\.com\//.test(text))
    return 'keys are not fetched; take one from https://github.com/NAME.keys and put it here';
  return undefined;
}

/** A malformed recipient without what may be secret in it. */
function excerpt(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
