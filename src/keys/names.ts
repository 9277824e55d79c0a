import { type RecipientName, shortForm } from './index.ts';

/** Names of recipients, as people know them. */
export interface Names {
  /** In one line, without control characters; `undefined` for a recipient that nobody named. */
  nameOf(recipient: RecipientName): string | undefined;
  /** For messages: `ann (age1ahluv…)`, or `age1ahluv…` where there is no name. */
  describe(recipient: RecipientName): string;
}

/** Nobody named anybody. */
export const NO_NAMES: Names = { nameOf: () => undefined, describe: shortForm };

/** All of a recipient, to be compared, and its name. */
export function inFull(recipient: RecipientName, names: Names): string {
  const name = names.nameOf(recipient);
  return name === undefined ? recipient.id : `${name} (${recipient.id})`;
}

/** Recipients with their names, for reports; `undefined` where nobody named one, so that it is left out. */
export function withNames<One extends RecipientName>(
  recipients: readonly One[],
  names: Names,
): (One & { readonly name: string | undefined })[] {
  return recipients.map((one) => ({ ...one, name: names.nameOf(one) }));
}
