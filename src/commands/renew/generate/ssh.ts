import { randomBytes } from 'node:crypto';
import { ed25519Pair } from './ed25519.ts';
import { pem } from './pem.ts';
import type { Generator } from './recipe.ts';

const TYPE = 'ssh-ed25519';
/** Private parts are padded to whole blocks of a cipher, also where there is none (OpenSSH PROTOCOL.key). */
const BLOCK = 8;

/** An SSH key of the type `ssh-ed25519`, without a passphrase, as ssh-keygen writes it. */
export const ssh: Generator = (settings) => {
  const comment = settings.text('comment') ?? '';
  if (/\p{C}/u.test(comment)) throw settings.problem('the comment has characters that are not seen');
  return {
    says: 'an SSH key (ed25519)',
    of: [],
    publicHalf: settings.value('public'),
    make: async () => {
      const { seed, point } = ed25519Pair();
      const wire = joined([TYPE, point]);
      const line = `${TYPE} ${wire.toString('base64')}${comment === '' ? '' : ` ${comment}`}\n`;
      return { text: privateKey(seed, point, wire, comment), publicText: line };
    },
  };
};

function privateKey(seed: Uint8Array, point: Uint8Array, wire: Uint8Array, comment: string): string {
  // The same number twice shows a reader that it has decrypted the part.
  const check = randomBytes(4);
  const own = Buffer.concat([check, check, joined([TYPE, point, Buffer.concat([seed, point]), comment])]);
  const padding = Uint8Array.from({ length: -own.length & (BLOCK - 1) }, (_, index) => index + 1);
  const one = Buffer.from([0, 0, 0, 1]);
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    joined(['none', 'none', '']),
    one,
    joined([wire, Buffer.concat([own, padding])]),
  ]);
  return pem('OPENSSH PRIVATE KEY', bytes, 70);
}

/** Texts as SSH writes them, each behind its length (RFC 4251, section 5). */
function joined(texts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
