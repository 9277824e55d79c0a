import { asText, type Plaintext } from '../../core/sops/cipher.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { compilePolicy } from '../../core/sops/policy.ts';
import { isToken, parseToken, tokenParts } from '../../core/sops/token.ts';
import { withoutMark } from '../../core/splice/byte-order-mark.ts';
import type { Document } from '../../core/splice/format.ts';
import type { Leaf } from '../../core/splice/leaf.ts';
import { collectLeaves, plainLeaves } from '../../core/splice/leaf-walk.ts';
import type { Leaves } from '../../core/splice/leaves.ts';
import type { OpenedValues } from '../../core/splice/opened-values.ts';
import { SottoError } from '../../errors.ts';
import { type KeyOpener, openFile, readAny, readEncrypted, type Source, valuesOf } from '../open.ts';

/** A file as it was or is at some time: encrypted or not, opened or not. */
export interface Version {
  readonly document: Document;
  /** `undefined` for a file in clear. */
  readonly metadata: Metadata | undefined;
  readonly leaves: Leaves;
  /** What is known with the key. */
  readonly opened?: Opened;
  /** Why an encrypted file is not opened, if that was tried. */
  readonly obstacle?: SottoError;
}

interface Opened {
  readonly dataKey: Uint8Array;
  readonly values: OpenedValues;
}

/** What there is to know of a value or a comment. */
export interface Said {
  /** As a token names it; `comment`, too. */
  readonly type: string;
  /** In bytes. */
  readonly length: number;
  /** Empty for what stands in clear. */
  readonly token: string;
  /** `undefined` for what is encrypted and not opened. */
  readonly plain: Plaintext | undefined;
}

/**
 * Read a version of a file, and open it if that can be done.
 *
 * @param keys left out, it is not opened
 * @throws SottoError `input-invalid`, `metadata-invalid`, `policy-invalid` for what is no file of its format
 */
export async function readVersion(source: Source, keys?: KeyOpener): Promise<Version> {
  const { metadata } = readAny(source);
  if (metadata === undefined) {
    const document = source.format.read(withoutMark(source.text, source.format));
    return { document, metadata, leaves: plainLeaves(document) };
  }
  const { document } = readEncrypted(source);
  const leaves = collectLeaves(document, await compilePolicy(metadata.selector));
  const closed = { document, metadata, leaves };
  if (keys === undefined) return closed;
  try {
    const file = await openFile(source, keys);
    const values = await valuesOf(file, true);
    const { leaves: opened } = values.opened;
    return {
      document: file.document,
      metadata,
      leaves: opened,
      opened: { dataKey: file.key.dataKey, values },
    };
  } catch (error) {
    if (error instanceof SottoError) return { ...closed, obstacle: error };
    throw error;
  }
}

/** What a leaf of a version says, as far as that is known. */
export function saidAt({ leaves, opened }: Version, index: number): Said {
  if (opened !== undefined) {
    const plain = opened.values.opened.plain(index);
    const token = opened.values.opened.token(index);
    return { type: typeOf(plain), length: lengthOf(plain), token, plain };
  }
  const leaf = leaves.get(index);
  const text = leaf.node.kind === 'comment' ? leaf.node.text : leaf.node.value.text;
  if (!leaf.encrypted || !isToken(text)) {
    const plain = plainOf(leaf);
    return { type: typeOf(plain), length: lengthOf(plain), token: '', plain };
  }
  return { ...shapeOf(text), token: text, plain: undefined };
}

function plainOf({ node }: Leaf): Plaintext {
  return node.kind === 'comment' ? { comment: node.text } : node.value;
}

function typeOf(plain: Plaintext): string {
  return 'comment' in plain ? 'comment' : plain.type;
}

function lengthOf(plain: Plaintext): number {
  const bytes = 'comment' in plain ? undefined : plain.bytes;
  return bytes?.length ?? Buffer.byteLength(asText(plain));
}

/** The type and the length of what a token holds: both can be seen without a key. */
export function shapeOf(token: string): Pick<Said, 'type' | 'length'> {
  const parts = tokenParts(token, 0, token.length);
  if (parts !== undefined)
    return { type: parts.type, length: decodedLength(token, parts.data, parts.dataEnd) };
  try {
    const { type, data } = parseToken(token);
    return { type, length: data.length };
  } catch {
    return { type: 'damaged', length: 0 };
  }
}

/** Bytes that base64 stands for. */
function decodedLength(text: string, start: number, end: number): number {
  const padding =
    text.endsWith('==', end) && end - start >= 4 ? 2 : Number(text[end - 1] === '=' && end > start);
  return ((end - start) / 4) * 3 - padding;
}
