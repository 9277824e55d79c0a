import type { FormatName } from '../formats/index.ts';
import type { NewFileOptions } from '../operations/encrypt.ts';
import type { AsText, AsValues, DecryptedText, DecryptedValues } from './decrypt.ts';
import type { KeyOptions, Recipients } from './keys.ts';
import type { Result } from './text.ts';
import { speaking } from './words.ts';

/**
 * Settings of the functions on files.
 *
 * @example
 * const options: FileOptions = { format: 'binary', config: '.sops.yaml' };
 * writeFileSync('.sops.yaml', `creation_rules: [{ age: ${recipient} }]\n`);
 * (await encryptFile('plain.yaml', options)).text.startsWith('{\n\t"data": "ENC['); // true
 */
export interface FileOptions {
  /** What the file is written in; left out, its name and its creation rule say so. */
  readonly format?: FormatName | undefined;
  /** The configuration; left out, the nearest `.sops.yaml` in the file's folder, or above it. */
  readonly config?: string | undefined;
  /** The variables that name keys (`SOPS_AGE_KEY_FILE`, …); `process.env` if left out. */
  readonly environment?: { readonly [name: string]: string | undefined } | undefined;
}

/**
 * Keys for a file: those of this machine, if none are given.
 *
 * @example
 * const options: FileKeyOptions = { identities: identity };
 * (await decryptFile('secrets.yaml', options)).text; // 'password: hunter2\n'
 */
export interface FileKeyOptions extends FileOptions, Partial<KeyOptions> {
  /** Kinds of key in the order in which they are tried, such as `age` and `pgp`. */
  readonly decryptionOrder?: readonly string[] | undefined;
}

/**
 * Settings of {@link decryptFile} for a text.
 *
 * @example
 * const options: DecryptFileOptions = { identities: identity, output: 'dotenv' };
 * (await decryptFile('secrets.yaml', options)).text; // 'password=hunter2\n'
 */
export interface DecryptFileOptions extends FileKeyOptions, AsText {}

/**
 * Settings of {@link decryptFile} for data.
 *
 * @example
 * const options: DecryptFileValuesOptions = { identities: identity, values: true };
 * (await decryptFile('secrets.yaml', options)).values; // { password: 'hunter2' }
 */
export interface DecryptFileValuesOptions extends FileKeyOptions, AsValues {}

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
 * Settings of {@link encryptFile}.
 *
 * @example
 * const options: EncryptFileOptions = { recipients: [recipient], output: 'json' };
 * (await encryptFile('plain.yaml', options)).text.startsWith('{\n\t"password": "ENC['); // true
 */
export interface EncryptFileOptions extends FileOptions, NewFileOptions {
  /** In place of those that the creation rule names. */
  readonly recipients?: Recipients | undefined;
  /** Another format for the encrypted text. */
  readonly output?: FormatName | undefined;
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
