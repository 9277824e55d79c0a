import { messageOf, SottoError } from '../../errors.ts';
import { lineOf } from '../../text/position.ts';
import { asText, type Cipher, type Plaintext, reasonInSops } from '../sops/cipher.ts';
import { conventionsOf } from '../sops/conventions.ts';
import { createMac, openMac } from '../sops/mac.ts';
import type { Metadata } from '../sops/metadata.ts';
import type { Policy } from '../sops/policy.ts';
import { printPath } from '../tree/path.ts';
import type { Value } from '../tree/value.ts';
import { openedComment } from './comment.ts';
import type { Document, Format } from './format.ts';
import { type Leaf, pathOf } from './leaf.ts';
import { collectLeaves } from './leaf-walk.ts';
import type { Leaves } from './leaves.ts';
import { openLeaf, sealedTexts } from './opened-leaf.ts';
import { OpenedLeaves } from './opened-leaves.ts';
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
  readonly opened: OpenedLeaves;
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
  leaves: Leaves = collectLeaves(document, settings.policy),
): OpenedValues {
  const warnings: Warning[] = [];
  const opened = openLeaves(document, leaves, settings.cipher, warnings);
  const mac = macOf(opened, settings);
  const mismatch = mismatchOf(mac, settings, () => macOf(opened, settings, withCarriageReturn));
  if (mismatch === undefined) return { opened, mac, warnings };
  if (settings.ignoreMac !== true) throw mismatch;
  return { opened, mac, misfit: notVouchedFor(leaves, settings.metadata), warnings };
}

function openLeaves(document: Document, leaves: Leaves, cipher: Cipher, warnings: Warning[]): OpenedLeaves {
  const { encryptsEmpty } = conventionsOf(document.format);
  const opened = new OpenedLeaves(leaves);
  /** What leaves say that are no rows: more is to be looked at there. */
  const ahead = new Map<number, Plaintext>();
  cipher.decryptSome(sealedTexts(leaves), (index, plain) => {
    const isRow = leaves.row(index) >= 0;
    if (isRow && !leaves.isValue(index))
      opened.set(index, { comment: openedComment(asText(plain), leaves.isInList(index)) }, true);
    else if (isRow && !('comment' in plain) && (encryptsEmpty || plain.text !== ''))
      opened.set(index, plain, true);
    else ahead.set(index, plain);
  });
  let forgotten: Leaf | undefined;
  for (let index = 0; index < leaves.length; index += 1) {
    if (opened.isSealed(index) || (leaves.row(index) >= 0 && !leaves.isEncrypted(index))) continue;
    const { plain, token } = openLeaf(document, leaves, index, ahead.get(index), cipher, warnings);
    opened.set(index, plain, token !== '');
    const { forgotten: isForgotten, node } = leaves.get(index);
    if (isForgotten === true && node.place.syntax !== 'item') forgotten ??= leaves.get(index);
  }
  if (forgotten !== undefined) warnings.push(unreadableInSops(document, forgotten));
  return opened;
}

/** sops encrypts a comment in a list as an item, and does not see any more then which item the comments above it select. */
function unreadableInSops({ text }: Document, { at, node }: Leaf): Warning {
  return {
    message: `${printPath(pathOf(at))} is taken to be selected by a comment above it, with an encrypted comment in between: sops encrypts it so, but can't decrypt it`,
    line: lineOf(text, node.place.start),
    hint: 'the next change, or "sotto rotate -i FILE", writes the comment so that sops reads it, too',
  };
}

function macOf(
  opened: OpenedLeaves,
  { metadata: { macOnlyEncrypted }, format }: OpenSettings,
  inClear: (value: Value) => Value = (value) => value,
): string {
  const mac = createMac(macOnlyEncrypted, conventionsOf(format));
  for (let index = 0; index < opened.length; index += 1) {
    const value = opened.value(index);
    const isSealed = opened.isSealed(index);
    if (value !== undefined)
      mac.update(isSealed ? value : inClear(value), opened.leaves.isEncrypted(index), isSealed);
  }
  return mac.digest();
}

/** A value in clear as it was in a line that ended with CR LF, where a carriage return is part of it. */
function withCarriageReturn(value: Value): Value {
  return value.type === 'str' ? { ...value, text: `${value.text}\r` } : value;
}

/**
 * What is wrong with the MAC of a file, if anything. A digest is not told: with it, a value could be guessed.
 *
 * @param ofCrlf the MAC that the values would have if the lines ended with CR LF
 */
function mismatchOf(
  computed: string,
  { metadata, cipher, format }: OpenSettings,
  ofCrlf: () => string,
): SottoError | undefined {
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
  const isConverted = stored !== '' && format.hasExactBreaks === true && stored === ofCrlf();
  const what = isConverted
    ? 'the lines of the file ended with CR LF when it was encrypted, and now end with LF'
    : stored === ''
      ? 'the file has no MAC'
      : 'the values are not those that were encrypted';
  return new SottoError('mac-mismatch', `MAC mismatch: ${what}`, {
    hint: isConverted ? CONVERTED : hint,
    inSops: `MAC mismatch. File has ${stored || 'no MAC'}, computed ${computed}`,
  });
}

const CONVERTED =
  '"-text" behind its name in .gitattributes has git leave the line ends, and the file can be checked out again; or decrypt it with --ignore-mac, and encrypt it anew';

/** More paths than this would hide what the warning says. */
const MAX_NAMED = 10;

/** Each token vouches for its value and the keys above it, and for nothing else. */
function notVouchedFor(leaves: Leaves, { macOnlyEncrypted }: Metadata): Warning {
  const clear = [...leaves].filter(({ node, encrypted }) => {
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
