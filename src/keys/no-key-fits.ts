import { SottoError } from '../errors.ts';
import { wrapped } from '../text/paragraph.ts';
import { legible, oneLine } from '../text/printable.ts';
import { shortened } from './index.ts';

/** An entry that did not open, and why. */
export interface FailedEntry {
  readonly id: string;
  readonly reasons: readonly string[];
  /** A key for it is here, or may be; only using it failed. */
  readonly hasKey: boolean;
}

/** What came of the entries of a group. */
export interface GroupResult {
  /** What the group wraps; `undefined` if no entry opened. */
  readonly part: Uint8Array | undefined;
  /** The recipient whose entry opened. */
  readonly opener: string | undefined;
  /** The entries that were tried before the one that opened; all of them if none did. */
  readonly failed: readonly FailedEntry[];
}

/** Columns at which sops breaks reasons, and the last paragraph (sops `usererrors.go`). */
const REASON_WIDTH = 60;
const TRAILER_WIDTH = 75;

/** Where identities were looked for, and what to do to have one. */
export interface Search {
  /** A line for each source, with what was there. */
  readonly sources: readonly string[];
  /** What to do, a phrase for each kind of key. */
  readonly advice: readonly string[];
  /** sops's own words for reasons, where it has others. */
  readonly inSops: ReadonlyMap<string, string>;
}

const NOWHERE: Search = { sources: [], advice: [], inSops: new Map() };

/**
 * The error for a file that no key, or not enough keys, of this machine open: sops's own lines, then where was looked
 * and what to do. Its cause has sops's short text.
 *
 * @param threshold as in the file; 0 if it has none
 */
export function noKeyFits(
  results: readonly GroupResult[],
  threshold: number,
  { sources, advice, inSops }: Search = NOWHERE,
): SottoError {
  const opened = results.filter(({ part }) => part !== undefined).length;
  const describe = (say: (reason: string) => string): string =>
    [
      'Failed to get the data key required to decrypt the SOPS file.',
      ...results.flatMap((result, number) => ['', describeGroup(result, number, say)]),
      '',
      ...wrapped(trailer(threshold, opened), TRAILER_WIDTH),
    ].join('\n');
  const looked =
    sources.length === 0
      ? []
      : ['', 'Looked for identities in:', ...sources.map((source) => `  ${oneLine(source)}`)];
  return new SottoError('no-key-fits', [describe((reason) => reason), ...looked].join('\n'), {
    inSops: describe((reason) => inSops.get(reason) ?? reason),
    hint: [...unreadable(sources), ...hintsOn(results, threshold, opened), ...adviceOn(results, advice)].join(
      '; ',
    ),
    cause: new Error(`Error getting data key: ${threshold} successful groups required, got ${opened}`),
  });
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

/** Files of keys that are there, and may not be read. */
function unreadable(sources: readonly string[]): string[] {
  const files = sources.flatMap((source) => /^(?:\w+=)?(.*): permission denied$/.exec(source)?.[1] ?? []);
  return files.length === 0 ? [] : [`make ${files.map(oneLine).join(', ')} readable for you`];
}

/** What is here already, and how much is missing. */
function hintsOn(results: readonly GroupResult[], threshold: number, opened: number): string[] {
  const usable = results.flatMap(({ part, failed }) =>
    part === undefined ? failed.filter(({ hasKey }) => hasKey).map(({ id }) => shortened(id)) : [],
  );
  const keys =
    usable.length === 0 ? [] : [`there may be a key here for ${usable.join(', ')}, see why it failed`];
  if (results.length === 1) return keys;
  const here = results.flatMap(({ opener }, number) =>
    opener === undefined ? [] : [`group ${number} opened with ${shortened(opener)}`],
  );
  const missing = results.flatMap(({ opener }, number) => (opener === undefined ? [number] : []));
  const more = Math.max(threshold, 2) - opened;
  const rest = missing.length === 1 ? `group ${missing[0]}` : `groups ${missing.join(', ')}`;
  return [...here, ...keys, `${more} more of ${rest} ${more === 1 ? 'is' : 'are'} needed on this machine`];
}

function adviceOn(results: readonly GroupResult[], advice: readonly string[]): string[] {
  const others =
    results.length === 1 ? ', or ask someone who can open the file to add yours (sotto updatekeys)' : '';
  return [`${advice.join(', or ')}${others}`];
}
