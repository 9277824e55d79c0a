/** The library: everything that the commands do, on text, without input or output of its own. */

export type { MarkupTrust } from './core/markup.ts';
export type { KeyEntry } from './core/metadata.ts';
export type { Selector, SelectorKind } from './core/policy.ts';
export type { Warning } from './core/warning.ts';
export { type ErrorCode, type ErrorDetails, SottoError } from './errors.ts';
export { parseIdentities } from './keys/age/identities.ts';
export { type NewIdentityFile, newIdentityFile } from './keys/age/identity-lines.ts';
export type { Identity, Recipient } from './keys/kind.ts';
export {
  type ChangeOptions,
  compareKeys,
  type DecryptOptions,
  decrypt,
  decryptBytes,
  type EncryptOptions,
  encrypt,
  encryptOnto,
  fileStatus,
  type KeyGroups,
  type KeyOptions,
  type Recipients,
  type Result,
  type RotateOptions,
  rotate,
  set,
  type TextOptions,
  type UpdateKeysOptions,
  unset,
  updateKeys,
} from './library.ts';
export { type RenderOptions, render, type SealedText } from './library-render.ts';
export type { KeyChange, KeyPlan } from './operations/update-keys.ts';
