import { messageOf } from '../../../errors.ts';
import { once } from '../file-key.ts';
import type { AgeKey } from '../identity.ts';
import { parseOpenSshKey, pemKey, type SshPrivateKey } from './private-key.ts';
import { parseSshLine, printSshLine, type SshPublicKey, sshTag } from './public-key.ts';

/** What opening a protected key needs. */
export interface SshKeySource {
  /** For messages. */
  readonly name: string;
  /** Asks for the passphrase. @throws Error when nobody can be asked */
  readonly passphrase: () => Promise<string>;
  /** The text of the `.pub` file beside it, if there is one. */
  readonly publicText: () => string | undefined;
}

const PEM = /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)\r?\n-----END \1-----$/;

/**
 * An SSH key as an age identity: as ssh-keygen writes it, or as PEM. A passphrase is asked for when a file is for this
 * key, and once.
 *
 * @throws Error that says what is wrong with it, without the key
 */
export function parseSshIdentity(text: string, source: SshKeySource): AgeKey {
  const [, label = '', body = ''] = PEM.exec(text.trim()) ?? [];
  if (label === 'OPENSSH PRIVATE KEY') return openSshIdentity(body, source);
  const isProtected = label === 'ENCRYPTED PRIVATE KEY' || body.includes('Proc-Type: 4,ENCRYPTED');
  if (isProtected) {
    const publicKey = publicKeyBeside(source);
    return protectedIdentity(publicKey, source, async (passphrase) => pemKey(text, passphrase));
  }
  if (label === 'RSA PRIVATE KEY' || label === 'PRIVATE KEY') return openIdentity(pemKey(text));
  throw new Error(whatItIs(label));
}

function whatItIs(label: string): string {
  if (label === '') return 'it is no SSH key, or is cut off';
  if (label.startsWith('PGP')) return 'it is a PGP key; import it with gpg';
  if (label.includes('PUBLIC')) return 'it is a public key; the private one is needed';
  return `it holds a ${label.toLowerCase()}, which is no SSH key that age can use: those are Ed25519 and RSA`;
}

function openSshIdentity(body: string, source: SshKeySource): AgeKey {
  const key = parseOpenSshKey(Buffer.from(body, 'base64'));
  if (!key.hasPassphrase) return openIdentity(key.open(''));
  return protectedIdentity(key.publicKey, source, async (passphrase) => key.open(passphrase));
}

function openIdentity({ publicKey, unwrapper }: SshPrivateKey): AgeKey {
  const line = printSshLine(publicKey);
  return { ...unwrapper, asks: false, recipients: async () => [line], describe: async () => summary(line) };
}

/** The public half tells whether a file is for this key, so that the passphrase is only asked for when it helps. */
function protectedIdentity(
  publicKey: SshPublicKey,
  { name, passphrase }: SshKeySource,
  open: (passphrase: string) => Promise<SshPrivateKey>,
): AgeKey {
  const tag = sshTag(publicKey);
  const line = printSshLine(publicKey);
  const unlocked = once(async () => {
    const key = await open(await passphrase());
    if (printSshLine(key.publicKey) !== line) throw new Error(`${name}.pub does not belong to ${name}`);
    return key;
  });
  return {
    asks: true,
    recipients: async () => [line],
    describe: async () => `${summary(line)}, protected with a passphrase`,
    async unwrap(stanzas) {
      const isMine = stanzas.some(({ type, args }) => type === publicKey.type && args[0] === tag);
      return isMine ? (await unlocked()).unwrapper.unwrap(stanzas) : null;
    },
  };
}

function publicKeyBeside({ name, publicText }: SshKeySource): SshPublicKey {
  const text = publicText();
  if (text === undefined) {
    throw new Error(
      `it is protected with a passphrase, and ${name}.pub is not there to tell what it is for; "ssh-keygen -p -f ${name}" puts it into a format that tells by itself`,
    );
  }
  try {
    return parseSshLine(text);
  } catch (error) {
    throw new Error(`${name}.pub: ${messageOf(error)}`);
  }
}

/** The type, and the end of the key, by which people tell keys apart. */
function summary(line: string): string {
  return `${line.split(' ', 1)[0]} …${line.slice(-8)}`;
}
