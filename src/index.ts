/** The library: everything that the commands do, on text and on files. It prints nothing, and asks nobody. */

export type { MetadataMap, MetadataValue } from './core/sops/fields.ts';
export type { KeyEntry } from './core/sops/metadata.ts';
export type { Selector, SelectorKind } from './core/sops/policy.ts';
export type { MarkupTrust } from './core/splice/markup.ts';
export type { Warning } from './core/splice/warning.ts';
export { type ErrorCode, type ErrorDetails, SottoError } from './errors.ts';
export type { FormatName } from './formats/index.ts';
export { type NewIdentityFile, newIdentityFile } from './keys/age/identity.ts';
export type { Identity, Recipient } from './keys/kind.ts';
export { type ChangeOptions, encryptOnto, set, unset } from './library/change.ts';
export type { Data, DataMap } from './library/data.ts';
export {
  type AsText,
  type AsValues,
  type DecryptChoices,
  type DecryptedText,
  type DecryptedValues,
  type DecryptOptions,
  type DecryptValuesOptions,
  decrypt,
  decryptBytes,
} from './library/decrypt.ts';
export { type EncryptOptions, encrypt } from './library/encrypt.ts';
export { decryptFile, encryptFile } from './library/file.ts';
export type {
  DecryptFileOptions,
  DecryptFileValuesOptions,
  EncryptFileOptions,
  FileKeyOptions,
  FileOptions,
} from './library/file-options.ts';
export { generateIdentity, identityToRecipient, parseIdentities } from './library/identity.ts';
export type { KeyGroups, KeyOptions, Recipients } from './library/keys.ts';
export type { ValuePath } from './library/path.ts';
export {
  compareKeys,
  type RotateOptions,
  rotate,
  type UpdateKeysOptions,
  updateKeys,
} from './library/recipients.ts';
export { type RenderOptions, render, type SealedText } from './library/render.ts';
export { type FileStatus, fileStatus } from './library/status.ts';
export type { Result, TextOptions } from './library/text.ts';
export { decryptVariables } from './library/variables.ts';
export type { DecryptedVariables, VariablesOptions } from './library/variables-options.ts';
export type { NewFileOptions } from './operations/encrypt.ts';
export type { OpenOptions } from './operations/open.ts';
export type { KeyChange, KeyPlan } from './operations/update-keys.ts';
