import type { Format } from './core/format.ts';
import type { MarkupTrust } from './core/markup.ts';
import { parsePath } from './core/path.ts';
import type { Selector } from './core/policy.ts';
import type { Warning } from './core/warning.ts';
import { SottoError } from './errors.ts';
import { formatNames, loadFormat } from './formats/index.ts';
import { parseIdentities } from './keys/age/identities.ts';
import { Keyring } from './keys/keyring.ts';
import type { Identity, Recipient } from './keys/kind.ts';
import type { ChangeOptions as ChangeSettings } from './operations/change.ts';
import { contentOf } from './operations/content.ts';
import { type DecryptResult, decryptSource } from './operations/decrypt.ts';
import { encryptAs } from './operations/encrypt.ts';
import { encryptOnto as encryptSourceOnto } from './operations/encrypt-onto.ts';
import type { Source } from './operations/open.ts';
import { rotateText } from './operations/rotate.ts';
import { parseValue, setValue, unsetValue } from './operations/set.ts';
import { isEncrypted } from './operations/status.ts';
import { type KeyPlan, planKeys, updateKeysText } from './operations/update-keys.ts';

const UTF_8 = new TextEncoder();
const LENIENT_UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** What every function needs to know about a text. */
export interface TextOptions {
  /** `yaml`, `json`, …, or `binary` for files that are no texts. */
  readonly format: string;
}

/** The keys that open a file. */
export interface KeyOptions {
  /** Text of age identity files (`AGE-SECRET-KEY-1…` lines) or of SSH keys, or identities. */
  readonly identities: string | readonly (string | Identity)[];
  /** Called when one of them is protected with a passphrase and is needed; once for each. */
  readonly passphrase?: () => Promise<string>;
}

/** Recipients of key groups: keys of several groups together open a file. */
export interface KeyGroups {
  readonly groups: readonly (readonly (string | Recipient)[])[];
  /** How many groups are needed; all if left out. */
  readonly threshold?: number;
}

/** age recipients (`age1…`), or recipients of other kinds, each of whom alone opens the file; or groups of them. */
export type Recipients = readonly (string | Recipient)[] | KeyGroups;

/** Settings of {@link encrypt}. */
export interface EncryptOptions extends TextOptions {
  /** Another format for the encrypted text. */
  readonly output?: string;
  readonly recipients: Recipients;
  /** Which values are encrypted; all but those below a key that ends in `_unencrypted` if left out. */
  readonly selector?: Selector;
  /** The selector may leave every value in clear. */
  readonly allowNothing?: boolean;
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
  /** `strict` refuses a text that is not written as it was when it was encrypted, `accept` takes it as it is. */
  readonly markup?: MarkupTrust;
}

/** Settings of the functions that change an encrypted file. */
export interface ChangeOptions extends TextOptions, KeyOptions {
  /** What the selector leaves in clear may stand there, though it was encrypted, or, for {@link set}, is new. */
  readonly clear?: boolean;
  readonly indent?: number;
  /** As in {@link DecryptOptions}. */
  readonly markup?: MarkupTrust;
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
  readonly recipients: Recipients;
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
 * Encrypt the values of a plain text, or the bytes of a binary file, with a new data key.
 *
 * @throws SottoError `already-encrypted`, `input-invalid` (with line and column), `recipient-invalid`,
 *   `no-recipients`, `policy-invalid`, `encrypt-failed`, `nothing-encrypted`
 */
export async function encrypt(plain: string | Uint8Array, options: EncryptOptions): Promise<Result> {
  const { recipients, selector, macOnlyEncrypted, allowNothing = false, now, dialect } = options;
  const format = inDialect(await requireFormat(options.format), dialect);
  const output = options.output === undefined ? format : await requireFormat(options.output);
  const result = await encryptAs(contentOf(bytesOf(plain), format, output), output, {
    ...(await toGroups(recipients)),
    hidesSelector: format.whole !== undefined,
    allowNothing,
    now: now ?? new Date(),
    ...(selector === undefined ? {} : { selector }),
    ...(macOnlyEncrypted === undefined ? {} : { macOnlyEncrypted }),
    ...indentOf(options),
  });
  return { ...result, changed: true };
}

/**
 * Decrypt a text: what comes back is what was encrypted, byte for byte.
 *
 * @returns bytes that are no UTF-8 (of a binary file) are replaced in `text`; see {@link decryptBytes}
 * @throws SottoError `metadata-missing`, `no-key-fits`, `value-undecryptable`, `mac-mismatch`, `path-missing`,
 *   `input-invalid`, `output-unsupported`
 */
export async function decrypt(text: string, options: DecryptOptions): Promise<Result> {
  const { content, warnings } = await decryptContent(text, options);
  return {
    text: typeof content === 'string' ? content : LENIENT_UTF_8.decode(content),
    changed: true,
    warnings,
  };
}

/** Decrypt a text to bytes: those of a binary file, or UTF-8. @throws SottoError as {@link decrypt} */
export async function decryptBytes(text: string, options: DecryptOptions): Promise<Uint8Array> {
  return bytesOf((await decryptContent(text, options)).content);
}

async function decryptContent(text: string, options: DecryptOptions): Promise<DecryptResult> {
  const { extract, output, ignoreMac, markup } = options;
  return decryptSource(await sourceOf(text, options), {
    keyring: keyringOf(options),
    ...(extract === undefined ? {} : { extract }),
    ...(output === undefined ? {} : { output: await requireFormat(output) }),
    ...(ignoreMac === undefined ? {} : { ignoreMac }),
    markup,
  });
}

/**
 * Set one value of an encrypted text; the tokens of all others stay as they are.
 *
 * @param path `["a"]["b"][0]`; parents that are missing are made, the index behind the last item appends
 * @param value any value that JSON can hold; `undefined` and functions are none
 * @throws SottoError as {@link decrypt}, and `path-invalid`, `set-invalid`, `value-exposed`
 */
export async function set(
  text: string,
  path: string,
  value: unknown,
  options: ChangeOptions,
): Promise<Result> {
  const json = await requireFormat('json');
  const node = parseValue(JSON.stringify(value) ?? '', json);
  const { clear = false, ...others } = options;
  return setValue(await sourceOf(text, options), parsePath(path), node, {
    ...changeOf(others),
    newInClear: clear,
  });
}

/**
 * Take one value out of an encrypted text.
 *
 * @throws SottoError as {@link decrypt}, and `path-invalid`, `path-missing`, `value-exposed`
 */
export async function unset(text: string, path: string, options: ChangeOptions): Promise<Result> {
  return unsetValue(await sourceOf(text, options), parsePath(path), changeOf(options));
}

/**
 * Encrypt an edited plain text onto its encrypted version: data key, recipients and the tokens of all values that
 * did not change stay.
 *
 * @param text the encrypted text
 * @param plain the edited plain text
 * @throws SottoError as {@link decrypt} and {@link encrypt}, and `value-exposed`
 */
export async function encryptOnto(
  text: string,
  plain: string | Uint8Array,
  options: ChangeOptions,
): Promise<Result> {
  return encryptSourceOnto(await sourceOf(text, options), bytesOf(plain), changeOf(options));
}

/**
 * Give an encrypted text a new data key; every value is encrypted anew.
 *
 * @throws SottoError as {@link decrypt}, and `no-recipients` if none is left
 */
export async function rotate(text: string, options: RotateOptions): Promise<Result> {
  const { add = [], remove = [] } = options;
  return rotateText(await sourceOf(text, options), {
    ...changeOf(options),
    add: await Promise.all(add.map(toRecipient)),
    remove: await Promise.all(remove.map(toRecipient)),
  });
}

/**
 * Give an encrypted text other recipients. The data key stays: who had it can still open older versions, and this
 * one; `rotate` and new secrets are the way to shut somebody out.
 *
 * @throws SottoError as {@link decrypt}, and `no-recipients`
 */
export async function updateKeys(text: string, options: UpdateKeysOptions): Promise<Result> {
  const source = await sourceOf(text, options);
  const wanted = await toGroups(options.recipients);
  if (!planKeys(source, wanted).changed) return { text, changed: false, warnings: [] };
  const updated = await updateKeysText(source, wanted, {
    keyring: keyringOf(options),
    ...indentOf(options),
  });
  return { ...updated, changed: true };
}

/** What {@link updateKeys} would change; needs no key. @throws SottoError `metadata-missing`, `input-invalid` */
export async function compareKeys(
  text: string,
  recipients: Recipients,
  options: TextOptions,
): Promise<KeyPlan> {
  return planKeys(await sourceOf(text, options), await toGroups(recipients));
}

/** Whether a text is encrypted; needs no key. @throws SottoError `input-invalid` */
export async function fileStatus(
  text: string,
  options: TextOptions,
): Promise<{ readonly encrypted: boolean }> {
  return { encrypted: isEncrypted(await sourceOf(text, options)) };
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? UTF_8.encode(content) : content;
}

/** A text with its format. @throws SottoError `not-supported` */
export async function sourceOf(text: string, { format }: TextOptions): Promise<Source> {
  return { text, format: await requireFormat(format) };
}

async function requireFormat(name: string): Promise<Format> {
  const format = await loadFormat(name);
  if (format !== undefined) return format;
  throw new SottoError('not-supported', `the format '${name}' is not supported`, {
    hint: `use one of ${formatNames().join(', ')}`,
  });
}

async function toGroups(
  recipients: Recipients,
): Promise<{ groups: readonly Recipient[][]; threshold?: number }> {
  if (!('groups' in recipients)) return { groups: [await Promise.all(recipients.map(toRecipient))] };
  const { groups, threshold } = recipients;
  return {
    groups: await Promise.all(groups.map((group) => Promise.all(group.map(toRecipient)))),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function inDialect(format: Format, dialect: string | undefined): Format {
  const found = dialect === undefined ? format : format.dialect?.({ dialect });
  if (found !== undefined) return found;
  throw new SottoError('not-supported', `${format.name} has no such dialect: ${dialect}`, {
    hint: 'dotenv has sops and standard',
  });
}

async function toRecipient(recipient: string | Recipient): Promise<Recipient> {
  return typeof recipient === 'string'
    ? new Keyring({}).recipient({ kind: 'age', id: recipient })
    : recipient;
}

/** The given keys, and no others. @throws SottoError `identity-invalid` */
export function keyringOf({ identities, passphrase }: KeyOptions): Keyring {
  const given = typeof identities === 'string' ? [identities] : identities;
  const toIdentities = (one: string | Identity): readonly Identity[] =>
    typeof one === 'string' ? parseIdentities(one, 'the given identities', passphrase) : [one];
  return new Keyring({ identities: given.flatMap(toIdentities) });
}

function changeOf(options: ChangeOptions): ChangeSettings {
  const { clear = false, now = new Date(), markup } = options;
  return { keyring: keyringOf(options), now, markup, clear, ...indentOf(options) };
}

function indentOf({ indent }: { readonly indent?: number }): { readonly indent?: number } {
  return indent === undefined ? {} : { indent };
}
