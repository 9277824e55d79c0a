import type { Format } from './core/format.ts';
import { parsePath } from './core/path.ts';
import type { Selector } from './core/policy.ts';
import type { Warning } from './core/warning.ts';
import { SottoError } from './errors.ts';
import { formatNamed } from './formats/index.ts';
import { parseIdentities } from './keys/identity-file.ts';
import { parseRecipient } from './keys/index.ts';
import type { Identity, Recipient } from './keys/key.ts';
import { Keyring } from './keys/keyring.ts';
import * as change from './operations/change.ts';
import { decryptText } from './operations/decrypt.ts';
import { encryptText } from './operations/encrypt.ts';
import type { OpenDataKey, Source } from './operations/open.ts';
import { rotateText } from './operations/rotate.ts';
import { isEncrypted } from './operations/status.ts';
import { type KeyPlan, planKeys, updateKeysText } from './operations/update-keys.ts';

/** What every function needs to know about a text. */
export interface TextOptions {
  /** `yaml` or `json`. */
  readonly format: string;
}

/** The keys that open a file. */
export interface KeyOptions {
  /** Text of age identity files (`AGE-SECRET-KEY-1…` lines), or identities. */
  readonly identities: string | readonly (string | Identity)[];
}

/** Settings of {@link encrypt}. */
export interface EncryptOptions extends TextOptions {
  /** age recipients (`age1…`), or recipients of other kinds. Each of them alone opens the file. */
  readonly recipients: readonly (string | Recipient)[];
  /** Which values are encrypted; all but those below a key that ends in `_unencrypted` if left out. */
  readonly selector?: Selector;
  /** Leave the values that stay in clear out of the MAC. */
  readonly macOnlyEncrypted?: boolean;
  /** dotenv: `standard` reads quotes, `export` and comments beside values; the encrypted text says so. */
  readonly dialect?: string;
  /** Spaces of indentation of the metadata. */
  readonly indent?: number;
  /** For `lastmodified`; now if left out. */
  readonly now?: Date;
}

/** Settings of {@link decrypt}. */
export interface DecryptOptions extends TextOptions, KeyOptions {
  /** Only the value at this path, `["a"]["b"][0]`. */
  readonly extract?: string;
  /** Another format for the result. */
  readonly output?: string;
  /** Hand out the values even if the MAC does not match. */
  readonly ignoreMac?: boolean;
}

/** Settings of the functions that change an encrypted file. */
export interface ChangeOptions extends TextOptions, KeyOptions {
  readonly indent?: number;
  /** For `lastmodified`; now if left out. */
  readonly now?: Date;
}

/** Settings of {@link rotate}. */
export interface RotateOptions extends ChangeOptions {
  /** Recipients that join. */
  readonly add?: readonly (string | Recipient)[];
  /** Recipients that go. */
  readonly remove?: readonly (string | Recipient)[];
}

/** Settings of {@link updateKeys}. */
export interface UpdateKeysOptions extends TextOptions, KeyOptions {
  /** The recipients that the file shall have, and no others. */
  readonly recipients: readonly (string | Recipient)[];
  readonly indent?: number;
}

/** A text, and what there is to say about it. */
export interface Result {
  readonly text: string;
  /** False when the text is the one that was given. */
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Encrypt the values of a plain text with a new data key.
 *
 * @throws SottoError `already-encrypted`, `input-invalid` (with line and column), `recipient-invalid`,
 *   `no-recipients`, `policy-invalid`, `encrypt-failed`
 */
export async function encrypt(text: string, options: EncryptOptions): Promise<Result> {
  const { recipients, selector, macOnlyEncrypted, now, dialect } = options;
  const format = inDialect(requireFormat(options.format), dialect);
  const result = await encryptText(
    { text, format },
    {
      groups: [recipients.map(toRecipient)],
      now: now ?? new Date(),
      ...(selector === undefined ? {} : { selector }),
      ...(macOnlyEncrypted === undefined ? {} : { macOnlyEncrypted }),
      ...indentOf(options),
    },
  );
  return { ...result, changed: true };
}

/**
 * Decrypt a text: what comes back is what was encrypted, byte for byte.
 *
 * @throws SottoError `metadata-missing`, `no-key-fits`, `value-undecryptable`, `mac-mismatch`, `path-missing`,
 *   `input-invalid`
 */
export async function decrypt(text: string, options: DecryptOptions): Promise<Result> {
  const { extract, output, ignoreMac } = options;
  const result = await decryptText(sourceOf(text, options), {
    openDataKey: openerOf(options),
    ...(extract === undefined ? {} : { extract }),
    ...(output === undefined ? {} : { output: requireFormat(output) }),
    ...(ignoreMac === undefined ? {} : { ignoreMac }),
  });
  return { ...result, changed: true };
}

/**
 * Set one value of an encrypted text; the tokens of all others stay as they are.
 *
 * @param path `["a"]["b"][0]`; parents that are missing are made, the index behind the last item appends
 * @param value any value that JSON can hold; `undefined` and functions are none
 * @throws SottoError as {@link decrypt}, and `path-invalid`, `set-invalid`
 */
export async function set(
  text: string,
  path: string,
  value: unknown,
  options: ChangeOptions,
): Promise<Result> {
  const json = requireFormat('json');
  const node = change.parseValue(JSON.stringify(value) ?? '', json);
  return change.setValue(sourceOf(text, options), parsePath(path), node, changeOf(options));
}

/**
 * Take one value out of an encrypted text.
 *
 * @throws SottoError as {@link decrypt}, and `path-invalid`, `path-missing`
 */
export async function unset(text: string, path: string, options: ChangeOptions): Promise<Result> {
  return change.unsetValue(sourceOf(text, options), parsePath(path), changeOf(options));
}

/**
 * Encrypt an edited plain text onto its encrypted version: data key, recipients and the tokens of all values that
 * did not change stay.
 *
 * @param text the encrypted text
 * @param plain the edited plain text
 * @throws SottoError as {@link decrypt} and {@link encrypt}
 */
export async function encryptOnto(text: string, plain: string, options: ChangeOptions): Promise<Result> {
  return change.encryptOnto(sourceOf(text, options), plain, changeOf(options));
}

/**
 * Give an encrypted text a new data key; every value is encrypted anew.
 *
 * @throws SottoError as {@link decrypt}, and `no-recipients` if none is left
 */
export async function rotate(text: string, options: RotateOptions): Promise<Result> {
  const { add = [], remove = [] } = options;
  return rotateText(sourceOf(text, options), {
    ...changeOf(options),
    add: add.map(toRecipient),
    remove: remove.map(toRecipient),
  });
}

/**
 * Give an encrypted text other recipients. The data key stays: who had it can still open older versions, and this
 * one; `rotate` and new secrets are the way to shut somebody out.
 *
 * @throws SottoError as {@link decrypt}, and `no-recipients`
 */
export async function updateKeys(text: string, options: UpdateKeysOptions): Promise<Result> {
  const source = sourceOf(text, options);
  const groups = [options.recipients.map(toRecipient)];
  if (!planKeys(source, groups).changed) return { text, changed: false, warnings: [] };
  const updated = await updateKeysText(source, groups, {
    openDataKey: openerOf(options),
    ...indentOf(options),
  });
  return { text: updated, changed: true, warnings: [] };
}

/** What {@link updateKeys} would change; needs no key. @throws SottoError `metadata-missing`, `input-invalid` */
export function compareKeys(
  text: string,
  recipients: readonly (string | Recipient)[],
  options: TextOptions,
): KeyPlan {
  return planKeys(sourceOf(text, options), [recipients.map(toRecipient)]);
}

/** Whether a text is encrypted; needs no key. @throws SottoError `input-invalid` */
export function fileStatus(text: string, options: TextOptions): { readonly encrypted: boolean } {
  return { encrypted: isEncrypted(sourceOf(text, options)) };
}

function sourceOf(text: string, { format }: TextOptions): Source {
  return { text, format: requireFormat(format) };
}

function requireFormat(name: string): Format {
  const format = formatNamed(name);
  if (format !== undefined) return format;
  throw new SottoError('not-supported', `the format '${name}' is not supported`, {
    hint: 'use yaml or json',
  });
}

function inDialect(format: Format, dialect: string | undefined): Format {
  const found = dialect === undefined ? format : format.dialect?.({ dialect });
  if (found !== undefined) return found;
  throw new SottoError('not-supported', `${format.name} has no such dialect: ${dialect}`, {
    hint: 'dotenv has sops and standard',
  });
}

function toRecipient(recipient: string | Recipient): Recipient {
  return typeof recipient === 'string' ? parseRecipient('age', recipient) : recipient;
}

function openerOf({ identities }: KeyOptions): OpenDataKey {
  const given = typeof identities === 'string' ? [identities] : identities;
  const keyring = new Keyring({
    identities: given.flatMap((one) => (typeof one === 'string' ? toIdentities(one) : [one])),
  });
  return (metadata) => keyring.open(metadata);
}

function toIdentities(text: string): Identity[] {
  try {
    return parseIdentities(text, 'the given identities');
  } catch (error) {
    throw new SottoError(
      'identity-invalid',
      error instanceof Error ? error.message : 'the identities are damaged',
    );
  }
}

function changeOf(options: ChangeOptions): change.ChangeOptions {
  return { openDataKey: openerOf(options), now: options.now ?? new Date(), ...indentOf(options) };
}

function indentOf({ indent }: { readonly indent?: number }): { readonly indent?: number } {
  return indent === undefined ? {} : { indent };
}
