import type { DecryptedText, DecryptedValues } from './decrypt.ts';
import type { DecryptFileOptions, DecryptFileValuesOptions, EncryptFileOptions } from './file-options.ts';
import type { Result } from './text.ts';
import { speaking } from './words.ts';

/**
 * Decrypt a file, with the keys that this machine has where sops looks for them: age identities, SSH keys, plugins, gpg.
 * Nothing is written, and nobody is asked on a terminal.
 *
 * @throws SottoError as `decrypt`, and `file-missing`, `input-unreadable`, `config-invalid`
 *
 * @example
 * const environment = { SOPS_AGE_KEY: identity };
 * (await decryptFile('secrets.yaml', { environment })).text; // 'password: hunter2\n'
 * const { values } = await decryptFile('secrets.yaml', { environment, values: true, extract: ['password'] });
 * values; // 'hunter2'
 */
export async function decryptFile(path: string, options: DecryptFileValuesOptions): Promise<DecryptedValues>;
export async function decryptFile(path: string, options?: DecryptFileOptions): Promise<DecryptedText>;
export async function decryptFile(
  path: string,
  options: DecryptFileOptions | DecryptFileValuesOptions = {},
): Promise<DecryptedText | DecryptedValues> {
  return speaking('machine', async () => (await import('./machine.ts')).decryptHere(path, options));
}

/**
 * Encrypt a file as its creation rule in `.sops.yaml` says. The encrypted text comes back; the file stays as it is.
 *
 * @throws SottoError as `encrypt`, and `file-missing`, `input-unreadable`, `config-missing`, `config-invalid`,
 *   `no-matching-rule`
 *
 * @example
 * const { text } = await encryptFile('plain.yaml', { recipients: [recipient] });
 * (await decrypt(text, { format: 'yaml', identities: identity })).text; // 'password: hunter2\n'
 */
export async function encryptFile(path: string, options: EncryptFileOptions = {}): Promise<Result> {
  return speaking('machine', async () => (await import('./machine.ts')).encryptHere(path, options));
}
