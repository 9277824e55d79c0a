import { messageOf, SottoError } from '../errors.ts';
import { type Cipher, reasonInSops } from './cipher.ts';
import { conventionsOf } from './conventions.ts';
import type { Document, Format } from './format.ts';
import { collectLeaves, type Leaf, pathOf } from './leaf.ts';
import { createMac, openMac } from './mac.ts';
import type { Metadata } from './metadata.ts';
import { printPath } from './path.ts';
import { openLeaf, type PlainLeaf, sealedText } from './plain-leaf.ts';
import type { Policy } from './policy.ts';
import { lineOf } from './position.ts';
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
  /** That of the values as they are. */
  readonly mac: string;
  /** The file's own MAC is another one, and was ignored: what nothing vouches for, which whoever writes the file is to say. */
  readonly misfit?: Warning;
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
  const ahead = settings.cipher.decryptSome(leaves.map(sealedText));
  const opened = leaves.map((leaf, index) =>
    openLeaf(document, leaves, index, leaf, ahead[index], settings.cipher, warnings),
  );
  const forgotten = leaves.find(({ forgotten: is, node }) => is === true && node.place.syntax !== 'item');
  if (forgotten !== undefined) warnings.push(unreadableInSops(document, forgotten));
  const mac = macOf(opened, leaves, settings);
  const mismatch = mismatchOf(mac, settings);
  if (mismatch === undefined) return { leaves, opened, mac, warnings };
  if (settings.ignoreMac !== true) throw mismatch;
  return { leaves, opened, mac, misfit: notVouchedFor(leaves, settings.metadata), warnings };
}

/** sops encrypts a comment in a list as an item, and does not see any more then which item the comments above it select. */
function unreadableInSops({ text }: Document, { at, node }: Leaf): Warning {
  return {
    message: `${printPath(pathOf(at))} is taken to be selected by a comment above it, with an encrypted comment in between: sops encrypts it so, but can't decrypt it`,
    line: lineOf(text, node.place.start),
    hint: 'the next change, or "sotto rotate -i FILE", writes the comment so that sops reads it, too',
  };
}

function macOf(opened: readonly PlainLeaf[], leaves: readonly Leaf[], settings: OpenSettings): string {
  const { metadata } = settings;
  const mac = createMac(metadata.macOnlyEncrypted);
  const { isNull, hashed } = conventionsOf(settings.format);
  for (const [index, { plain, token }] of opened.entries()) {
    const leaf = leaves[index];
    if (leaf === undefined || 'comment' in plain) continue;
    if (metadata.macOnlyEncrypted && !leaf.encrypted) continue;
    if (token === '' && isNull(plain)) continue;
    mac.update(hashed(plain));
  }
  return mac.digest();
}

/** What is wrong with the MAC of a file, if anything. A digest is not told: with it, a value could be guessed. */
function mismatchOf(computed: string, { metadata, cipher }: OpenSettings): SottoError | undefined {
  const hint =
    'the file was changed without its data key (a bad merge, perhaps); compare it with git, or use --ignore-mac to read it all the same';
  let stored: string;
  try {
    stored = metadata.mac === '' ? '' : openMac(cipher, metadata.mac, metadata.lastModified);
  } catch (error) {
    const reason = messageOf(error);
    return new SottoError('mac-mismatch', `Cannot decrypt MAC: ${reason}`, {
      hint,
      inSops: `Cannot decrypt MAC: ${reasonInSops(reason)}`,
      cause: error,
    });
  }
  if (stored === computed) return undefined;
  const what = stored === '' ? 'the file has no MAC' : 'the values are not those that were encrypted';
  return new SottoError('mac-mismatch', `MAC mismatch: ${what}`, {
    hint,
    inSops: `MAC mismatch. File has ${stored || 'no MAC'}, computed ${computed}`,
  });
}

/** More paths than this would hide what the warning says. */
const MAX_NAMED = 10;

/** Each token vouches for its value and the keys above it, and for nothing else. */
function notVouchedFor(leaves: readonly Leaf[], { macOnlyEncrypted }: Metadata): Warning {
  const clear = leaves.filter(({ node, encrypted }) => {
    return node.kind === 'value' && node.value.type !== 'null' && !encrypted;
  });
  const names = clear.slice(0, MAX_NAMED).map(({ at }) => printPath(pathOf(at)));
  const more = clear.length > names.length ? ` and ${clear.length - names.length} more` : '';
  const values =
    macOnlyEncrypted || clear.length === 0 ? '' : `the values in clear (${names.join(', ')}${more}), and `;
  return {
    message: `the MAC does not fit; not vouched for: ${values}that no value was taken out, put in or moved`,
    hint: 'compare the file with git; set, unset, rotate and edit with --ignore-mac write a new MAC',
    notInSops: true,
  };
}
