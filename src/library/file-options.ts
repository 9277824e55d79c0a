import type { FormatName } from '../formats/index.ts';
import type { NewFileOptions } from '../operations/encrypt.ts';
import type { AsText, AsValues } from './decrypt.ts';
import type { KeyOptions, Recipients } from './keys.ts';

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
