import { createCipher, newDataKey } from '../core/cipher.ts';
import { type Encryption, encryptDocument } from '../core/encryption.ts';
import { type Metadata, SOPS_VERSION } from '../core/metadata.ts';
import { compilePolicy, DEFAULT_SELECTOR, type Selector } from '../core/policy.ts';
import { lastModifiedOf } from '../core/time.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Recipient } from '../keys/key.ts';
import { wrapDataKey } from '../keys/wrap.ts';
import type { Source } from './open.ts';

/** What a file is encrypted with. */
export interface EncryptOptions {
  /** Recipients, group by group; as long as there is only one group, each of them alone opens the file. */
  readonly groups: readonly (readonly Recipient[])[];
  /** How many groups are needed to open the file. */
  readonly threshold?: number;
  /** Which values are encrypted; all but those with a key that ends in `_unencrypted` unless given, or if empty. */
  readonly selector?: Selector;
  /** Leave values that stay in clear out of the MAC. */
  readonly macOnlyEncrypted?: boolean;
  /** Indentation of the metadata, as in `stores.*.indent`. */
  readonly indent?: number;
  readonly now: Date;
}

/** A text, and what there is to say about it. */
export interface TextResult {
  readonly text: string;
  readonly warnings: readonly Warning[];
}

/**
 * Encrypt a plain file for its recipients, with a new data key.
 *
 * @throws SottoError `no-recipients`, `wrap-failed`, `policy-invalid`, and those of reading and encrypting
 */
export async function encryptText({ text, format }: Source, options: EncryptOptions): Promise<TextResult> {
  const { threshold, macOnlyEncrypted = false, indent, now } = options;
  const given = options.selector !== undefined && options.selector.pattern !== '';
  const selector = given ? options.selector : DEFAULT_SELECTOR;
  const policy = await compilePolicy(selector);
  const dataKey = newDataKey();
  const metadata: Metadata = {
    groups: await wrapGroups(dataKey, options.groups),
    ...(threshold === undefined ? {} : { threshold }),
    lastModified: '',
    mac: '',
    selector,
    macOnlyEncrypted,
    version: SOPS_VERSION,
    unknown: {},
  };
  const result = encryptDocument(text, {
    format,
    cipher: createCipher(dataKey),
    policy,
    metadata,
    lastModified: lastModifiedOf(now),
    ...(indent === undefined ? {} : { indent }),
  });
  return { text: result.text, warnings: selectionWarnings(result, selector, given) };
}

/** Wrap a data key for each recipient of its group. */
export async function wrapGroups(
  dataKey: Uint8Array,
  groups: readonly (readonly Recipient[])[],
): Promise<Metadata['groups']> {
  const [group = [], ...others] = groups;
  if (others.length > 0) {
    throw new SottoError('not-supported', 'more than one key group is not supported yet', {
      exit: 1,
      hint: 'put all recipients into one group; then each of them alone opens the file',
    });
  }
  if (group.length === 0) {
    throw new SottoError('no-recipients', 'Could not generate data key: [empty key group provided]', {
      hint: 'name at least one recipient, with --age or in .sops.yaml',
    });
  }
  return [await wrapDataKey(dataKey, group)];
}

/** A selector that does nothing is most often a misspelt one. */
function selectionWarnings(result: Encryption, { kind, pattern }: Selector, given: boolean): Warning[] {
  const { encrypted, clear } = result;
  const selector = `${kind}: ${pattern}`;
  const hint = 'check the selector against the keys of the file';
  if (encrypted === 0 && clear > 0)
    return [{ message: `nothing was encrypted: ${selector} selects no value`, hint }];
  if (given && kind.startsWith('unencrypted') && clear === 0 && encrypted > 0) {
    return [{ message: `${selector} matches no key: every value was encrypted`, hint }];
  }
  return [];
}
