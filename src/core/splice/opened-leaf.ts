import { messageOf, SottoError } from '../../errors.ts';
import { lineOf } from '../../text/position.ts';
import { asText, type Cipher, type Plaintext, reasonInSops } from '../sops/cipher.ts';
import { conventionsOf } from '../sops/conventions.ts';
import type { SealedTexts } from '../sops/opened-tokens.ts';
import { printPath } from '../tree/path.ts';
import type { Rows } from '../tree/rows.ts';
import type { Value, ValueType } from '../tree/value.ts';
import { openedComment } from './comment.ts';
import type { Document } from './format.ts';
import { pathOf } from './leaf.ts';
import type { Leaves } from './leaves.ts';
import type { Warning } from './warning.ts';

/** A leaf's plain value, and its token if it has one. */
export interface OpenedLeaf {
  readonly plain: Plaintext;
  readonly token: string;
}

/** The tokens that are to be decrypted: those in encrypted places. */
export function sealedTexts(leaves: Leaves): SealedTexts {
  const rowOf = (index: number): Rows | undefined => {
    const rows = leaves.rowsOf(index);
    return rows?.otherValue(leaves.row(index)) === undefined ? rows : undefined;
  };
  const textOf = (index: number): string => {
    const { node } = leaves.get(index);
    return node.kind === 'comment' ? node.text : node.value.text;
  };
  return {
    length: leaves.length,
    textOf: (index) => (leaves.isEncrypted(index) ? (rowOf(index)?.text ?? textOf(index)) : undefined),
    start: (index) => rowOf(index)?.stringStart(leaves.row(index)) ?? 0,
    end: (index) => rowOf(index)?.stringEnd(leaves.row(index)) ?? textOf(index).length,
    aad: (index) => leaves.aad(index),
  };
}

/**
 * Decrypt a leaf. A comment that does not decrypt is one in clear, with a warning.
 *
 * @param leaves all of its file
 * @param index its own among them
 * @param ahead what its token among {@link sealedTexts} says, if it was decrypted before
 * @param warnings take what there is to say
 * @throws SottoError `value-undecryptable`, and `mac-mismatch` for a comment in the place of a value
 */
export function openLeaf(
  document: Document,
  leaves: Leaves,
  index: number,
  ahead: Plaintext | undefined,
  cipher: Cipher,
  warnings: Warning[],
): OpenedLeaf {
  const leaf = leaves.get(index);
  const { node, encrypted } = leaf;
  if (node.kind === 'comment') {
    if (!encrypted || node.text === '') return { plain: { comment: node.text }, token: '' };
    const plain =
      ahead === undefined ? openComment(node.text, candidates(leaves, index), cipher) : asText(ahead);
    if (plain !== undefined)
      return { plain: { comment: openedComment(plain, leaf.inList) }, token: node.text };
    const line = lineOf(document.text, node.place.start);
    warnings.push(
      node.text.startsWith('ENC[')
        ? { message: 'an encrypted comment does not decrypt; it was changed or moved', line }
        : { message: 'a comment in an encrypted place is in clear text', line },
    );
    return { plain: { comment: node.text }, token: '' };
  }
  const { value } = node;
  const { isNull, encryptsEmpty } = conventionsOf(document.format);
  if (!encrypted || isNull(value)) return { plain: value, token: '' };
  const isInClear = value.type !== 'str' || !value.text.startsWith('ENC[');
  const problem = (reason: string, cause?: unknown): SottoError => {
    const message = isInClear ? 'the value should be encrypted, but stands in clear' : reason;
    return new SottoError('value-undecryptable', `${printPath(pathOf(leaf.at))}: ${message}`, {
      line: lineOf(document.text, node.place.start),
      hint: isInClear
        ? 'if it was added by hand, take it out, and add it with "sotto edit" or "sotto set"; if it was changed, restore the file from git'
        : leaf.document > 0
          ? 'if two encrypted files were put into one, take them apart: all documents of a file have one data key; else restore the file from git'
          : 'the value, or a key on its path, was changed by hand; restore the file from git, and change it with "sotto edit" or "sotto set"',
      inSops: `Error decrypting tree: Error walking tree: ${inSops(value, encryptsEmpty ? reason : withoutData(value.text, reason))}`,
      cause,
    });
  };
  if (value.type !== 'str') throw problem(`the value should be encrypted, but is a plain ${value.type}`);
  if (value.text === '' && value.bytes === undefined) return { plain: value, token: '' };
  let plain: Plaintext;
  try {
    plain = ahead ?? cipher.decrypt(value.text, leaf.aad);
  } catch (error) {
    throw problem(messageOf(error), error);
  }
  if (!encryptsEmpty && isEmpty(plain)) throw problem(NO_DATA);
  if ('comment' in plain && node.place.syntax !== 'item')
    throw new SottoError(
      'mac-mismatch',
      `${printPath(pathOf(leaf.at))}: a comment stands in the place of a value`,
      {
        line: lineOf(document.text, node.place.start),
        hint: 'somebody changed the type of the value in the file; restore the file from git',
      },
    );
  return { plain, token: value.text };
}

function inSops({ type }: Value, reason: string): string {
  return type === 'str'
    ? `Could not decrypt value: ${reasonInSops(reason)}`
    : `Expected encrypted value as string, but got ${IN_GO[type]}`;
}

/** Types of Go. */
const IN_GO: { readonly [type in ValueType]: string } = {
  str: 'string',
  int: 'int',
  float: 'float64',
  bool: 'bool',
  time: 'time.Time',
  null: '<nil>',
};

/** sops looks at no more of a token without data. */
function withoutData(token: string, reason: string): string {
  return token.startsWith('ENC[AES256_GCM,data:,') ? NO_DATA : reason;
}

const NO_DATA = 'has no data, which sops does not read';

function isEmpty(plain: Plaintext): boolean {
  return 'comment' in plain ? plain.comment === '' : plain.text === '' && plain.bytes === undefined;
}

function openComment(token: string, aads: Iterable<string>, cipher: Cipher): string | undefined {
  if (!token.startsWith('ENC[')) return undefined;
  for (const aad of aads) {
    try {
      return asText(cipher.decrypt(token, aad));
    } catch {
      // Another tool may have seen the comment in another mapping; the next candidate tells.
    }
  }
  return undefined;
}

/** AADs under which a comment may have been encrypted: its own, those around it, and its neighbours'. */
function candidates(leaves: Leaves, index: number): Set<string> {
  const aads = new Set<string>();
  for (const near of [index, index - 1, index + 1]) {
    if (near < 0 || near >= leaves.length) continue;
    const leaf = leaves.get(near);
    let path = pathOf(leaf.at);
    aads.add(leaf.aad);
    while (path.length > 0) {
      path = path.slice(0, -1);
      const keys = path.filter((key) => typeof key === 'string');
      aads.add(`${keys.join(':')}:`);
    }
  }
  return aads;
}
