import { conventionsOf } from '../../core/sops/conventions.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { compilePolicy, type Policy } from '../../core/sops/policy.ts';
import { HEAD, isToken, looksSealed } from '../../core/sops/token.ts';
import { type Leaf, pathOf } from '../../core/splice/leaf.ts';
import { collectLeaves } from '../../core/splice/leaf-walk.ts';
import { printPath, shortPath } from '../../core/tree/path.ts';
import { isItemComment } from '../../core/tree/tree.ts';
import { attempt, attemptAsync } from '../../errors.ts';
import { type EncryptedFile, readAny, readEncrypted, type Source } from '../open.ts';
import { type Finding, regionOf } from './finding.ts';

/** What stands in one place of an encrypted file. */
export interface SealedPlace {
  readonly leaf: Leaf;
  readonly text: string;
  readonly isComment: boolean;
  /** It begins as a token does. */
  readonly looksSealed: boolean;
  /** It has nothing to hide: null, or an empty text. */
  readonly isEmpty: boolean;
}

/** An encrypted file, read without a key. */
export interface SealedFile extends EncryptedFile {
  readonly source: Source;
  /** `undefined` where its selector does not compile. */
  readonly policy: Policy | undefined;
  /** In sops's order; those behind aliases stand at their anchors. */
  readonly places: readonly SealedPlace[];
}

/** Whether a text may be that of an encrypted file; quick, and sometimes wrong. */
export function mayBeSealed(text: string): boolean {
  return text.includes(HEAD) || (text.includes('sops') && text.includes('lastmodified'));
}

/** The metadata of a text; `undefined` where it has none, or is nothing that its format reads. */
export function metadataIn(source: Source): Metadata | undefined {
  return attempt(() => readAny(source).metadata);
}

/** Read an encrypted file. @throws SottoError `input-invalid`, `metadata-missing`, `metadata-invalid` */
export async function readSealed(source: Source): Promise<SealedFile> {
  const file = readEncrypted(source);
  const policy = await policyOf(file.metadata);
  return { ...file, source, policy, places: policy === undefined ? [] : placesIn(file, policy) };
}

async function policyOf({ selector }: Metadata): Promise<Policy | undefined> {
  return attemptAsync(() => compilePolicy(selector));
}

/** All places of a file, as a policy selects them. */
export function placesIn({ document, format }: EncryptedFile, policy: Policy): SealedPlace[] {
  const { isNull, encryptsEmpty } = conventionsOf(format);
  return [...collectLeaves(document, policy)].flatMap((leaf): SealedPlace[] => {
    if (leaf.alias !== undefined) return [];
    const { node } = leaf;
    const text = node.kind === 'comment' ? node.text : node.value.text;
    const isComment = node.kind === 'comment' || isItemComment(node);
    const isEmpty =
      node.kind === 'comment'
        ? text.trim() === ''
        : isNull(node.value) || (text === '' && node.value.type === 'str' && !encryptsEmpty);
    return [{ leaf, text, isComment, looksSealed: looksSealed(text), isEmpty }];
  });
}

/** Where a place is, for a finding. */
export function whereabouts(
  { leaf, isComment }: SealedPlace,
  text: string,
): Pick<Finding, 'region' | 'document' | 'path'> {
  const { node, document, at } = leaf;
  const path = pathOf(at);
  const { start, end } = node.place;
  return {
    region: regionOf(text, start, end),
    document,
    ...(path.length === 0 || isComment ? {} : { path: printPath(path) }),
  };
}

/** What to call a place in a message. */
export function nameOf({ leaf, isComment }: SealedPlace): string {
  const path = shortPath(pathOf(leaf.at));
  if (isComment) return path === '' ? 'a comment' : `a comment in ${path}`;
  return path;
}

/** What a place is recognised by in another version of the file. */
export function keyOf({ leaf }: SealedPlace): string {
  return `${leaf.document} ${printPath(pathOf(leaf.at))}`;
}

/** The token that stands in a place; `undefined` if none does. */
export function tokenOf({ text }: SealedPlace): string | undefined {
  return isToken(text) ? text : undefined;
}
