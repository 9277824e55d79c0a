import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import type { SealedFile } from '../../operations/check/sealed-file.ts';
import { neededOf, type RuleTerms, unnamedIn } from '../../operations/rule-differences.ts';

/** Who opens a file: key groups, and of how many of them it takes a key each. */
export interface Access {
  readonly groups: readonly (readonly RecipientName[])[];
  readonly needed: number;
}

/** What a rule gives; nobody has any where it names nobody. */
export function accessByRule({ groups = [], threshold }: RuleTerms): Access {
  return { groups, needed: neededOf(groups.length, threshold) };
}

/** What a file gives. */
export function accessByFile({ metadata: { groups, threshold } }: SealedFile): Access {
  return { groups: groups.map((group) => group.map(nameOf)), needed: neededOf(groups.length, threshold) };
}

export function recipientsOf({ groups }: Access): RecipientName[] {
  return groups.flat();
}

/** Whom an access lets in who was not in the other: into none of its groups, or into another one besides. */
export function newlyIn(access: Access, known: Access): RecipientName[] {
  // Where it takes fewer groups, that is what there is to say, and nobody's doing.
  if (takesLess(access, known)) return without(recipientsOf(access), recipientsOf(known));
  return unnamedIn(access.groups, known.needed <= 1 ? [recipientsOf(known)] : known.groups);
}

/** Whether keys of fewer groups are enough. */
export function takesLess(access: Access, known: Access): boolean {
  return access.groups.length > 0 && access.needed < known.needed;
}

export function without(all: readonly RecipientName[], others: readonly RecipientName[]): RecipientName[] {
  return all.filter((one) => !others.some((other) => isSameRecipient(one, other)));
}
