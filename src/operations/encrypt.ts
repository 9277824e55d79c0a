import { type Cipher, newDataKey } from '../core/sops/cipher.ts';
import { loadCipher } from '../core/sops/load-cipher.ts';
import type { Metadata } from '../core/sops/metadata.ts';
import { compilePolicy, DEFAULT_SELECTOR, type Selector } from '../core/sops/policy.ts';
import { SOPS_VERSION } from '../core/sops/sops-version.ts';
import { type DatedVersion, Dating } from '../core/splice/dating.ts';
import type { Decryption } from '../core/splice/decryption.ts';
import { type Encryption, sealOf } from '../core/splice/encryption.ts';
import type { Format } from '../core/splice/format.ts';
import type { KeptIvs } from '../core/splice/kept-ivs.ts';
import type { Warning } from '../core/splice/warning.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import { SottoError } from '../errors.ts';
import type { Auditor } from '../keys/auditor.ts';
import { splitWarning, strengthWarnings } from '../keys/group-warnings.ts';
import { type WrappedGroups, wrapGroups } from '../keys/groups.ts';
import { KINDS_IN_GROUPS } from '../keys/index.ts';
import type { Recipient } from '../keys/kind.ts';
import { recordNew } from './audit.ts';
import { type Content, encryptContent } from './content.ts';
import type { Source } from './open.ts';

/**
 * How a new file is encrypted.
 *
 * @example
 * const options: NewFileOptions = { macOnlyEncrypted: true, indent: 2 };
 * const { text } = await encrypt('a: 1\n', { format: 'yaml', recipients: [recipient], ...options });
 * /^ {2}mac_only_encrypted: true$/m.test(text); // true
 */
export interface NewFileOptions {
  /** Which values are encrypted; all but those with a key that ends in `_unencrypted` unless given, or if empty. */
  readonly selector?: Selector | undefined;
  /** Leave values that stay in clear out of the MAC. */
  readonly macOnlyEncrypted?: boolean | undefined;
  /** The selector may leave every value in clear; that is said then, and not refused. */
  readonly allowNothing?: boolean | undefined;
  /** Indentation of the metadata, as in `stores.*.indent`. */
  readonly indent?: number | undefined;
}

/** What a file is encrypted with. */
export interface EncryptOptions extends NewFileOptions {
  /** Recipients, group by group; as long as there is only one group, each of them alone opens the file. */
  readonly groups: readonly (readonly Recipient[])[];
  /** How many groups are needed to open the file; all of them unless given. */
  readonly threshold?: number | undefined;
  /** Do not write the default selector into the file: there is one value only. */
  readonly hidesSelector?: boolean | undefined;
  /** It is noted when its values changed. */
  readonly isDated?: boolean | undefined;
  /** The version that it takes the place of; with `previous`, under the same data key. */
  readonly earlier?: EarlierVersion | undefined;
  /** It takes the place of a version that could not be read: nobody knows which of its values are new. */
  readonly isBlind?: boolean | undefined;
  /** Other files from which values come, and go on being as old as they are. */
  readonly origins?: readonly DatedVersion[] | undefined;
  /** A data key that is made already; a new one unless given. */
  readonly key?: WrappedKey | undefined;
  /** Takes the place of the usual cipher. */
  readonly cipherFor?: (usual: Cipher, dataKey: Uint8Array) => Cipher;
  readonly now: Date;
  /** Takes down that the file is made, and under which path. */
  readonly audit?: { readonly auditor: Auditor | undefined; readonly path: string | undefined } | undefined;
}

/** An encrypted version of a file, and what of it stays. */
export interface EarlierVersion extends DatedVersion {
  /** Under the same data key: its tokens stay where values did not change. */
  readonly previous?: Decryption;
  /** Under another one: its IVs stay where values did not change. */
  readonly ivs?: KeptIvs;
}

/** A data key, and the entries that recipients open it with. */
export interface WrappedKey {
  readonly dataKey: Uint8Array;
  readonly entries: WrappedGroups;
}

/** A text, and what there is to say about it. */
export interface TextResult {
  readonly text: string;
  readonly warnings: readonly Warning[];
}

/**
 * Make a data key and wrap it for recipients.
 *
 * @throws SottoError `no-recipients`, `threshold-invalid`, `wrap-failed`
 */
export async function makeKey({
  groups,
  threshold,
}: Pick<EncryptOptions, 'groups' | 'threshold'>): Promise<WrappedKey> {
  const dataKey = newDataKey();
  return { dataKey, entries: await wrapGroups(dataKey, groups, threshold) };
}

/**
 * Encrypt a plain file for its recipients, with a new data key.
 *
 * @throws SottoError `no-recipients`, `threshold-invalid`, `wrap-failed`, `policy-invalid`, `nothing-encrypted`, and those of
 *   reading and encrypting
 */
export async function encryptText({ text, format }: Source, options: EncryptOptions): Promise<TextResult> {
  return encryptAs({ text }, format, options);
}

/**
 * Encrypt a content with a new data key.
 *
 * @param format the format of the encrypted file
 * @throws SottoError as {@link encryptText}, and `output-unsupported` when the format can't hold it
 */
export async function encryptAs(
  content: Content,
  format: Format,
  options: EncryptOptions,
): Promise<TextResult> {
  const { threshold, macOnlyEncrypted = false, indent, now, earlier, origins = [] } = options;
  const given = options.selector !== undefined && options.selector.pattern !== '';
  const selector = given ? options.selector : DEFAULT_SELECTOR;
  const policy = await compilePolicy(selector);
  const { dataKey, entries } = options.key ?? (await makeKey(options));
  const metadata: Metadata = {
    ...entries,
    lists: KINDS_IN_GROUPS,
    lastModified: '',
    mac: '',
    selector,
    ...(options.selector === undefined && options.hidesSelector === true ? { hidesSelector: true } : {}),
    macOnlyEncrypted,
    version: SOPS_VERSION,
    unknown: {},
    ...(earlier?.previous?.metadata.sotto === undefined ? {} : { sotto: earlier.previous.metadata.sotto }),
  };
  const previous = earlier?.previous;
  const cipher = await loadCipher(dataKey);
  const result = encryptContent(content, {
    format,
    cipher: options.cipherFor?.(cipher, dataKey) ?? cipher,
    policy,
    metadata,
    lastModified: lastModifiedOf(now),
    dating:
      options.isDated === true
        ? new Dating([...(earlier === undefined ? [] : [earlier]), ...origins], options.isBlind)
        : undefined,
    ivs: earlier?.ivs,
    // It is no version as a whole: readers and selector may be others now.
    ...(previous === undefined
      ? {}
      : { previous: { ...previous, isVouched: false }, seals: [sealOf(previous)] }),
    ...(indent === undefined ? {} : { indent }),
  });
  const warnings = [
    ...result.warnings,
    ...(await groupWarnings(options.groups, threshold)),
    ...selectionWarnings(result, selector, given, options.allowNothing === true),
  ];
  await recordNew(options.audit, result.text);
  return { text: result.text, warnings };
}

/** A split that nobody asked for in so many words, and recipients of unequal strength. */
async function groupWarnings(
  groups: EncryptOptions['groups'],
  threshold: number | undefined,
): Promise<Warning[]> {
  const isImplied = groups.length > 1 && threshold === undefined;
  return [
    ...(isImplied ? [await splitWarning(groups)] : []),
    ...(await strengthWarnings(groups, groups.length === 1 ? 1 : (threshold ?? groups.length))),
  ];
}

/** A selector that does nothing is most often a misspelt one. @throws SottoError `nothing-encrypted` */
function selectionWarnings(
  { leaves, clear }: Encryption,
  { kind, pattern }: Selector,
  given: boolean,
  allowNothing: boolean,
): Warning[] {
  const selected = leaves.hasEncryptedValue();
  const selector = `${kind}: ${pattern}`;
  const hint = 'check the selector against the keys of the file';
  if (!selected && clear > 0) {
    const message = `nothing was encrypted: ${selector} selects no value`;
    if (allowNothing) return [{ message, hint }];
    throw new SottoError('nothing-encrypted', message, { hint: `${hint}, or add --allow-nothing` });
  }
  if (given && kind.startsWith('unencrypted') && clear === 0 && selected) {
    return [{ message: `${selector} matches no key: every value was encrypted`, hint }];
  }
  return [];
}
