import type { Warning } from '../core/splice/warning.ts';
import { shortForm } from './index.ts';
import type { Recipient } from './kind.ts';

/**
 * A warning for key groups that split a file where nobody said how many of them are needed, so that all are: most often
 * somebody meant one list of recipients, each of whom opens the file alone.
 */
export async function splitWarning(groups: readonly (readonly Recipient[])[]): Promise<Warning> {
  const needed = await Promise.all(groups.map(async (group) => (await described(group)).join(' or ')));
  return {
    message: `opening this file takes a key of each of its ${groups.length} key groups together: ${needed.join(', and ')}`,
    hint: `recipients who are to open it alone belong into one group; "shamir_threshold: ${groups.length}" says that this is meant`,
  };
}

/**
 * A warning for post-quantum recipients beside others: a quantum computer opens the file through those.
 *
 * @param threshold how many groups open the file; 1 if there is only one
 */
export async function strengthWarnings(
  groups: readonly (readonly Recipient[])[],
  threshold: number,
): Promise<Warning[]> {
  const classic = groups.map((group) => group.filter(({ isPostQuantum }) => isPostQuantum !== true));
  const hasPostQuantum = groups.flat().some(({ isPostQuantum }) => isPostQuantum === true);
  if (!hasPostQuantum || classic.filter(({ length }) => length > 0).length < threshold) return [];
  const names = await described(classic.flat());
  return [
    {
      message: `post-quantum recipients are mixed with others, so a quantum computer could open the file through ${names.join(', ')}`,
      hint: 'use post-quantum recipients (age1pq1…) only, or none',
    },
  ];
}

/** Recipients for messages, with their names. */
export function described(recipients: readonly Recipient[]): Promise<string[]> {
  return Promise.all(recipients.map(async (one) => (await one.describe?.()) ?? shortForm(one)));
}
