import { posix } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { userKeyFile } from '../../keys/age/identity-sources.ts';

/** A key that somebody can be named with. */
export interface KeyChoice {
  /** For the question. */
  readonly label: string;
  /** Behind the recipient in .sops.yaml. */
  readonly comment: string;
  /** The recipient; a new key is only made when it is wanted. */
  recipient(): Promise<string>;
  readonly isNew: boolean;
}

/** The keys of this machine, the best first, and a new one. No private SSH key is read. */
export async function keyChoices(io: Io): Promise<KeyChoice[]> {
  const own = [io.environment['SOPS_AGE_KEY_FILE'], userKeyFile(io)].find(
    (file) => file !== undefined && file !== '' && io.isFile(io.absolute(file)),
  );
  const found: KeyChoice[] = [];
  if (own !== undefined) {
    // A protected one asks for its passphrase, when it is chosen.
    found.push({
      label: `age key in ${own}`,
      comment: '',
      recipient: () => firstRecipient(own, io),
      isNew: false,
    });
  }
  for (const name of ['id_ed25519.pub', 'id_rsa.pub']) {
    const file = posix.join(io.home, '.ssh', name);
    if (io.home !== '' && io.isFile(file))
      found.push({
        label: `SSH key ${file}`,
        comment: '',
        recipient: async () => sshRecipient(file, io),
        isNew: false,
      });
  }
  return own === undefined ? [...found, newKey(undefined, io)] : found;
}

/** The key that `--key` names: `new`, an identity file, or a public SSH key. */
export function namedKey(name: string, io: Io): KeyChoice {
  if (name === 'new') return newKey(undefined, io);
  const isPublic = name.endsWith('.pub');
  return {
    label: name,
    comment: '',
    recipient: async () => (isPublic ? sshRecipient(io.absolute(name), io) : firstRecipient(name, io)),
    isNew: false,
  };
}

function newKey(output: string | undefined, io: Io): KeyChoice {
  return {
    label: `a new age key${userKeyFile(io) === undefined ? '' : ` in ${userKeyFile(io)}`}`,
    comment: '',
    recipient: async () => {
      const { keygen } = await import('../keygen.ts');
      return (await keygen({ output, kind: 'x25519' }, io)).recipient;
    },
    isNew: true,
  };
}

async function firstRecipient(file: string, io: Io): Promise<string> {
  const { showRecipients } = await import('../keygen.ts');
  const [recipient] = await showRecipients(file, io);
  if (recipient !== undefined) return recipient;
  throw new SottoError('identity-invalid', `${file} has no age key`, { hint: '--key new makes one' });
}

/** Type and key, without the comment, which may be anybody's name for a machine. */
function sshRecipient(path: string, io: Io): string {
  const [type = '', key = ''] = Buffer.from(io.readSetting(path)).toString().trim().split(/\s+/);
  if (/^ssh-(?:ed25519|rsa)$/.test(type) && key !== '') return `${type} ${key}`;
  throw new SottoError('recipient-invalid', `${path} is no public key of SSH that age can use`, {
    hint: 'it takes ssh-ed25519 and ssh-rsa; --key new makes an age key',
  });
}
