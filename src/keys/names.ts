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
