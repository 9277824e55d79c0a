import { EXIT_STATUS, SottoError } from '../errors.ts';
import { wrapped } from '../text/paragraph.ts';
import { legible, oneLine } from '../text/printable.ts';
import type { GroupResult } from './group-result.ts';
import { commonProblem } from './kms-failure.ts';
import { type Names, NO_NAMES } from './names.ts';
import { inOurWords, type Search } from './no-key-in-words.ts';

/** Columns at which sops breaks reasons, and the last paragraph (sops `usererrors.go`). */
const REASON_WIDTH = 60;
const TRAILER_WIDTH = 75;

const NOWHERE: Search = { sources: [], advice: [], beginnings: [], inSops: new Map() };

/**
 * The error for a file that no key, or not enough keys, of this machine open: who could, which keys are here, and what
 * to do. What sops says lists every group and every recipient; its cause has sops's short text.
 *
 * @param threshold as in the file; 0 if it has none
 */
export function noKeyFits(
  results: readonly GroupResult[],
  threshold: number,
  search: Search = NOWHERE,
  names: Names = NO_NAMES,
): SottoError {
  const opened = results.filter(({ part }) => part !== undefined).length;
  const { message, ...details } = inOurWords(results, Math.max(threshold, 1), search, names);
  const code = commonProblem(results);
  return new SottoError(code ?? 'no-key-fits', message, {
    ...details,
    ...(code === undefined ? {} : { within: 'no-key-fits', exit: EXIT_STATUS['no-key-fits'] }),
    undone: "you can't open",
    inSops: inWordsOfSops(results, threshold, opened, search),
    cause: new Error(`Error getting data key: ${threshold} successful groups required, got ${opened}`),
  });
}

function inWordsOfSops(
  results: readonly GroupResult[],
  threshold: number,
  opened: number,
  { inSops }: Search,
): string {
  const say = (reason: string): string => inSops.get(reason) ?? reason;
  return [
    'Failed to get the data key required to decrypt the SOPS file.',
    ...results.flatMap((result, number) => ['', describeGroup(result, number, say)]),
    '',
    ...wrapped(trailer(threshold, opened), TRAILER_WIDTH),
  ].join('\n');
}

function describeGroup(
  { part, failed }: GroupResult,
  number: number,
  say: (reason: string) => string,
): string {
  if (part !== undefined) return `Group ${number}: SUCCESS`;
  const keys = failed.map(
    ({ id, reasons }) =>
      `${oneLine(id)}: FAILED\n${indented(reasons.map((reason) => describeReason(legible(say(reason)))).join('\n\n'))}`,
  );
  return `Group ${number}: FAILED\n${indented(keys.join('\n\n'))}`;
}

function describeReason(reason: string): string {
  return wrapped(reason, REASON_WIDTH)
    .map((line, index) => `${index === 0 ? '-' : ' '} | ${line}`)
    .join('\n');
}

/** As sops does it: empty lines, too, but for the last one. */
function indented(text: string): string {
  return text.replace(/^(?!$(?![\n]))/gm, '  ');
}

function trailer(threshold: number, opened: number): string {
  if (threshold === 0)
    return 'Recovery failed because no master key was able to decrypt the file. In order for SOPS to recover the file, at least one key has to be successful, but none were.';
  return `Recovery failed because the file was encrypted with a Shamir threshold of ${threshold}, but only ${opened} part(s) were successfully recovered, one for each successful key group. In order for SOPS to recover the file, at least ${threshold} groups have to be successful. In order for a group to be successful, decryption has to succeed with any of the keys in that key group.`;
}
