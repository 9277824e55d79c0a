import { compilePolicy } from '../core/sops/policy.ts';
import { pathOf } from '../core/splice/leaf.ts';
import { collectLeaves } from '../core/splice/leaf-walk.ts';
import type { Path } from '../core/tree/tree.ts';
import { nameOf, type RecipientName } from '../keys/index.ts';
import { readEncrypted, type Source } from './open.ts';

/** What an encrypted file holds, and who opens it. Values that are empty are left out. */
export interface Tally {
  /** It is encrypted as a whole. */
  readonly isWhole: boolean;
  /** Where values are encrypted. */
  readonly encrypted: readonly Path[];
  /** Where values stand in clear. */
  readonly clear: readonly Path[];
  /** Recipients, group by group. */
  readonly groups: readonly (readonly RecipientName[])[];
  /** How many groups are needed. */
  readonly needed: number;
}

/** Count what an encrypted file holds; no key is needed for that. @throws SottoError those of reading */
export async function tallyOf(source: Source): Promise<Tally> {
  const { document, metadata } = readEncrypted(source);
  const leaves = collectLeaves(document, await compilePolicy(metadata.selector));
  const [encrypted, clear]: [Path[], Path[]] = [[], []];
  for (let index = 0; index < leaves.length; index += 1) {
    const value = leaves.value(index);
    // An empty text is never encrypted, whatever selects it.
    if (value === undefined || (value.text === '' && value.bytes === undefined)) continue;
    (leaves.isEncrypted(index) ? encrypted : clear).push(pathOf(leaves.get(index).at));
  }
  const groups = metadata.groups.map((group) => group.map(nameOf));
  const needed = groups.length === 1 ? 1 : metadata.threshold || groups.length;
  const isWhole = source.format.binary !== undefined;
  return { isWhole, encrypted, clear, groups, needed };
}
