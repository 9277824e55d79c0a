import { ENCODED_IV, tokenParts } from '../../core/sops/token.ts';
import type { Path } from '../../core/tree/tree.ts';

/** What stood in one place of a version of a file. */
export interface Held {
  /** Of a comment, that of what it stands in. */
  readonly path: Path;
  readonly document: number;
  readonly isComment: boolean;
  /** Empty for what stood in clear. */
  readonly token: string;
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
export function placeKey({ document, path, isComment, text, token }: Held): string {
  const own = text === undefined ? (ivOf(token) ?? token) : `said ${text}`;
  return JSON.stringify(isComment ? [document, path, own] : [document, path]);
}

/** The IV of a token; `undefined` unless it has 32 bytes. */
export function ivOf(token: string): string | undefined {
  const parts = tokenParts(token, 0, token.length);
  return parts === undefined ? undefined : token.slice(parts.iv, parts.iv + ENCODED_IV);
}
