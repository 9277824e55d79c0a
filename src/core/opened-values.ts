import { messageOf, SottoError } from '../errors.ts';
import { type Cipher, reasonInSops } from './cipher.ts';
import { conventionsOf } from './conventions.ts';
import type { Document, Format } from './format.ts';
import { collectLeaves, type Leaf } from './leaf.ts';
import { createMac, openMac } from './mac.ts';
import type { Metadata } from './metadata.ts';
import { openLeaf, type PlainLeaf } from './plain-leaf.ts';
import type { Policy } from './policy.ts';
import type { Warning } from './warning.ts';

/** What opening the values of a file needs besides the text. */
export interface OpenSettings {
  /** The plain text's. */
  readonly format: Format;
  readonly cipher: Cipher;
  readonly policy: Policy;
  readonly metadata: Metadata;
  /** Go on when the MAC does not fit. */
  readonly ignoreMac?: boolean;
}

/** The values of an encrypted file, before any text is made of them. */
export interface OpenedValues {
  /** In sops's order. */
  readonly leaves: readonly Leaf[];
  /** What each of them says. */
  readonly opened: readonly PlainLeaf[];
  readonly mac: string;
  readonly warnings: readonly Warning[];
}

/**
 * Decrypt the values of a file, and check them.
 *
 * @param document the encrypted text, read
 * @param leaves its leaves, where they are known
 * @throws SottoError `value-undecryptable`, then `mac-mismatch`, in sops's order
 */
export function openDocument(
  document: Document,
  settings: OpenSettings,
  leaves: readonly Leaf[] = collectLeaves(document, settings.policy),
): OpenedValues {
  const warnings: Warning[] = [];
  const opened = leaves.map((leaf, index) =>
    openLeaf(document, leaves, index, leaf, settings.cipher, warnings),
  );
  return { leaves, opened, mac: checkMac(opened, leaves, settings), warnings };
}

function checkMac(opened: readonly PlainLeaf[], leaves: readonly Leaf[], settings: OpenSettings): string {
  const { metadata, cipher } = settings;
  const mac = createMac(metadata.macOnlyEncrypted);
  const { isNull, hashed } = conventionsOf(settings.format);
  for (const [index, { plain, token }] of opened.entries()) {
    const leaf = leaves[index];
    if (leaf === undefined || 'comment' in plain) continue;
    if (metadata.macOnlyEncrypted && !leaf.encrypted) continue;
    if (token === '' && isNull(plain)) continue;
    mac.update(hashed(plain));
  }
  const computed = mac.digest();
  if (settings.ignoreMac === true) return computed;
  const hint =
    'the file was changed without its data key (a bad merge, perhaps); compare it with git, or use --ignore-mac to read it all the same';
  let stored: string;
  try {
    stored = metadata.mac === '' ? '' : openMac(cipher, metadata.mac, metadata.lastModified);
  } catch (error) {
    const reason = messageOf(error);
    throw new SottoError('mac-mismatch', `Cannot decrypt MAC: ${reason}`, {
      hint,
      inSops: `Cannot decrypt MAC: ${reasonInSops(reason)}`,
      cause: error,
    });
  }
  if (stored !== computed) {
    throw new SottoError(
      'mac-mismatch',
      `MAC mismatch. File has ${stored || 'no MAC'}, computed ${computed}`,
      { hint },
    );
  }
  return computed;
}
