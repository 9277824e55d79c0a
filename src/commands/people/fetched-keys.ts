import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { NoAnswer } from '../../keys/http.ts';
import { printable } from '../../text/printable.ts';

/** Milliseconds. */
const PATIENCE = 20_000;
/** More keys than one person has. */
const MOST = 20;
const LONGEST = 100_000;
/** A public key of SSH without what stands behind it, which the server could choose. */
const KEY = /^(ssh-(?:ed25519|rsa) [A-Za-z0-9+/]{20,4096}={0,2})(?: .*)?$/;

/**
 * The SSH keys that a server has for somebody, as `https://github.com/NAME.keys` has them. They are asked for once: who
 * reads the answer decides whether they are hers.
 *
 * @throws SottoError `usage` for what is no https address, `recipient-invalid`
 */
export async function fetchKeys(address: string, io: Io): Promise<string[]> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new SottoError('usage', '--from-url takes an https address', {
      exit: 2,
      hint: '--from-url https://github.com/NAME.keys',
    });
  const lines = (await textAt(url, io)).split(/\r?\n/).filter((line) => line.trim() !== '');
  const keys = lines.flatMap((line) => KEY.exec(line.trim())?.[1] ?? []);
  if (keys.length > 0 && lines.length <= MOST) return keys;
  throw new SottoError(
    'recipient-invalid',
    keys.length === 0
      ? `${url.host} has no key that files can be encrypted for`
      : `${url.host} has too many keys`,
    { hint: 'an SSH key of the kind ed25519 or rsa is needed; or name the key itself' },
  );
}

async function textAt(url: URL, io: Io): Promise<string> {
  try {
    const { status, body } = await io.request({
      method: 'GET',
      url,
      headers: { accept: 'text/plain' },
      timeout: PATIENCE,
    });
    if (status === 200 && body.length <= LONGEST) return body;
    throw unavailable(url, `status ${status}`);
  } catch (error) {
    if (error instanceof NoAnswer) throw unavailable(url, error.message);
    throw error;
  }
}

function unavailable(url: URL, reason: string): SottoError {
  return new SottoError(
    'recipient-invalid',
    `no keys came from ${printable(url.href)}: ${printable(reason)}`,
    {
      hint: 'redirects are not followed; or save the keys, look at them, and name the file with --key-file',
    },
  );
}
