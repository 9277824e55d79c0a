import { asText } from '../../core/sops/cipher.ts';
import { looksSealed } from '../../core/sops/token.ts';
import { tokenId } from '../../core/sops/value-dates.ts';
import { pathOf } from '../../core/splice/leaf.ts';
import type { Path } from '../../core/tree/tree.ts';
import { saidAt, type Version } from '../compare/version.ts';

/** Where something stands in a file. Versions of a file share it. */
export interface HeldPlace {
  /** Of a comment, that of what it stands in. */
  readonly path: Path;
  readonly document: number;
  readonly isComment: boolean;
  /** The same for the same place. */
  readonly key: string;
}

/** What stood in one place of a version of a file. There are many: of a token, only what tells it from others is kept. */
export interface Held {
  readonly place: HeldPlace;
  /** The same for the same token, see {@link signOf}; `undefined` for what stood in clear. */
  readonly token: number | undefined;
  /** What dates call the token, by its IV; `undefined` unless that has 32 bytes. Who has it says the same. */
  readonly id: string | undefined;
  /** What it said, where it could be opened. */
  readonly text: string | undefined;
}

/** A version of an encrypted file. */
export interface HeldVersion {
  readonly file: string;
  readonly commit: string;
  readonly date: string;
  /** Somebody in question is among its recipients. */
  readonly isReadable: boolean;
  /** What only versions with one data key have in common: the key as it is wrapped, or what stands for the key itself. */
  readonly keys: readonly string[];
  readonly values: readonly Held[];
}

/** A file as it is now. */
export interface HeldNow {
  readonly file: string;
  readonly values: readonly Held[];
}

/** A place in a file. Comments have none of their own: each is what it says, or its token, in what it stands in. */
export function placeKey({ place, text, token, id }: Held): string {
  if (!place.isComment) return place.key;
  return `${place.key} ${text === undefined ? (id ?? token) : `said ${text}`}`;
}

/** What stands in a place of a version. */
export interface Statement {
  readonly place: HeldPlace;
  /** Empty for what stands in clear. */
  readonly token: string;
  readonly text: string | undefined;
}

/** All that stands in a version but comments in clear, in sops's order. */
export function* statementsIn(version: Version): Generator<Statement> {
  for (let index = 0; index < version.leaves.length; index += 1) {
    const { type, token, plain } = saidAt(version, index);
    const isComment = type === 'comment';
    if (isComment && token === '') continue;
    const { at, document } = version.leaves.get(index);
    const path = pathOf(at);
    const key = JSON.stringify([document, path, ...(isComment ? ['comment'] : [])]);
    const said = plain === undefined ? undefined : asText(plain);
    // What is left of a token says nothing, and nobody knows what it said.
    const text = token === '' && looksSealed(said ?? '') ? undefined : said;
    yield { place: { path, document, isComment, key }, token, text };
  }
}

/** A statement as it is kept. */
export function heldAs({ place, token, text }: Statement): Held {
  if (token === '') return { place, token: undefined, id: undefined, text };
  return { place, token: signOf(token, 0, token.length), id: tokenId(token), text };
}

/**
 * What stands for a part of a text: 53 bits of a hash. Should two ever have one, they are taken for the same, which opens
 * what is closed, and never closes anything.
 */
export function signOf(text: string, from: number, to: number): number {
  let [high, low] = [0x9e3779b9, 0x85ebca6b];
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ (low >>> 13);
  low = Math.imul(low ^ (low >>> 15), 0xc2b2ae35) ^ (high >>> 16);
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
