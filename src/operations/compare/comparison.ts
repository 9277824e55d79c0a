import { conventionsOf } from '../../core/sops/conventions.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import type { Selector } from '../../core/sops/policy.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import { saidComments } from './said-comments.ts';
import { saidTrees } from './said-tree.ts';
import { compareComments, compareTrees, type Finding } from './values.ts';
import { type Said, saidAt, type Version } from './version.ts';

/** Something that has one setting before, and another one after. */
export interface Setting {
  readonly before: string;
  readonly after: string;
}

/** What happened to an encrypted file between two times. */
export interface Comparison {
  /** Both versions could be read, as far as they are encrypted. */
  readonly opened: boolean;
  readonly values: readonly Finding[];
  readonly comments: readonly Finding[];
  readonly readers: { readonly added: readonly RecipientName[]; readonly removed: readonly RecipientName[] };
  /** How many groups of readers it takes to open the file, and of how many. */
  readonly groups: Setting | undefined;
  /** `unknown` without the key, where nothing shows that it is the same: most often it is another one then. */
  readonly dataKey: 'kept' | 'changed' | 'unknown';
  /** What says which values are encrypted. */
  readonly selector: (Setting & { readonly losing: number; readonly gaining: number }) | undefined;
  readonly macOnlyEncrypted: Setting | undefined;
  /** Of the version after; `stale`: values changed, and the MAC did not, which can be seen without a key. */
  readonly mac: 'ok' | 'stale' | 'mismatch' | 'not-checked';
}

/** Compare two versions of a file; one that is not there is `undefined`. */
export function compareVersions(before: Version | undefined, after: Version | undefined): Comparison {
  const dataKey = dataKeyOf(before, after);
  const isSameKey = dataKey === 'kept';
  const values = compareTrees(treesOf(before), treesOf(after), isSameKey);
  return {
    opened: [before, after].every(
      (version) => version?.metadata === undefined || version.opened !== undefined,
    ),
    values,
    comments: compareComments(commentsOf(before), commentsOf(after), isSameKey),
    readers: {
      added: missingIn(readersOf(before), readersOf(after)),
      removed: missingIn(readersOf(after), readersOf(before)),
    },
    groups: settingOf(before, after, groupsText),
    dataKey,
    selector: selectorOf(before, after, values),
    macOnlyEncrypted: settingOf(before, after, ({ macOnlyEncrypted }) => String(macOnlyEncrypted)),
    mac: macOf(before, after),
  };
}

function treesOf(version: Version | undefined): ReturnType<typeof saidTrees> {
  return version === undefined ? [] : saidTrees(version);
}

function commentsOf(version: Version | undefined): ReturnType<typeof saidComments> {
  return version === undefined ? [] : saidComments(version);
}

/** Who can open a version, each of them once. */
export function readersOf(version: Version | undefined): RecipientName[] {
  const all = (version?.metadata?.groups ?? []).flat().map(nameOf);
  return all.filter((one, index) => all.findIndex((other) => isSameRecipient(one, other)) === index);
}

/** Those of the others who are not among some. */
function missingIn(some: readonly RecipientName[], others: readonly RecipientName[]): RecipientName[] {
  return others.filter((other) => !some.some((one) => isSameRecipient(one, other)));
}

function groupsText({ groups, threshold }: Metadata): string {
  return groups.length < 2 ? '1 of 1' : `${threshold ?? groups.length} of ${groups.length}`;
}

/** A setting of the metadata, if both versions have one, and not the same. */
function settingOf(
  before: Version | undefined,
  after: Version | undefined,
  print: (metadata: Metadata) => string,
): Setting | undefined {
  if (before?.metadata === undefined || after?.metadata === undefined) return undefined;
  const setting = { before: print(before.metadata), after: print(after.metadata) };
  return setting.before === setting.after ? undefined : setting;
}

function selectorOf(
  before: Version | undefined,
  after: Version | undefined,
  values: readonly Finding[],
): Comparison['selector'] {
  const setting = settingOf(before, after, ({ selector }) => printSelector(selector));
  if (setting === undefined) return undefined;
  const count = (wanted: (said: Said) => boolean, and: (said: Said) => boolean): number =>
    values.filter((one) => one.before && one.after && wanted(one.before) && and(one.after)).length;
  const isSealed = ({ token }: Said): boolean => token !== '';
  const isClear = ({ token, length }: Said): boolean => token === '' && length > 0;
  return { ...setting, losing: count(isSealed, isClear), gaining: count(isClear, isSealed) };
}

function printSelector({ kind, pattern }: Selector): string {
  return pattern === '' ? 'none' : `${kind}=${pattern}`;
}

function dataKeyOf(before: Version | undefined, after: Version | undefined): Comparison['dataKey'] {
  if (before?.metadata === undefined || after?.metadata === undefined) return 'unknown';
  if (before.opened !== undefined && after.opened !== undefined)
    return Buffer.compare(before.opened.dataKey, after.opened.dataKey) === 0 ? 'kept' : 'changed';
  return sharesKey(before, after) ? 'kept' : 'unknown';
}

/** Nobody makes the same token, or wraps a key to the same bytes, twice. */
export function sharesKey(before: Version, after: Version): boolean {
  const wrapped = new Set(encsOf(before));
  if (encsOf(after).some((enc) => wrapped.has(enc))) return true;
  const tokens = tokensOf(before);
  for (const token of tokensOf(after)) if (tokens.has(token)) return true;
  return false;
}

function encsOf({ metadata }: Version): string[] {
  const all = (metadata?.groups ?? []).flat().map(({ fields: { enc } }) => enc);
  return all.filter((enc) => typeof enc === 'string').filter((enc) => enc !== '');
}

/** All tokens of a version. */
export function tokensOf(version: Version): Set<string> {
  const tokens = new Set<string>();
  for (let index = 0; index < version.leaves.length; index += 1) {
    const { token } = saidAt(version, index);
    if (token !== '') tokens.add(token);
  }
  return tokens;
}

function macOf(before: Version | undefined, after: Version | undefined): Comparison['mac'] {
  if (after?.metadata === undefined) return 'not-checked';
  if (after.opened !== undefined) return after.opened.values.misfit === undefined ? 'ok' : 'mismatch';
  const isOld = before?.metadata !== undefined && before.metadata.mac === after.metadata.mac;
  if (!isOld || after.metadata.mac === '') return 'not-checked';
  return isSameSequence(macSequence(before), macSequence(after)) ? 'not-checked' : 'stale';
}

function isSameSequence(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/**
 * What the MAC of a version is made of, in order, with tokens in the place of what they hold: where it is the same, the
 * MAC is, too. Comments, nulls and empty strings have no part in it (sops `sops.go`).
 */
export function macSequence(version: Version): string[] {
  const { leaves, metadata, document } = version;
  const { isNull, hashed } = conventionsOf(document.format);
  const sequence: string[] = [];
  for (let index = 0; index < leaves.length; index += 1) {
    if (!leaves.isValue(index)) continue;
    if (metadata?.macOnlyEncrypted === true && !leaves.isEncrypted(index)) continue;
    const value = leaves.value(index);
    const { token, type } = saidAt(version, index);
    if (value === undefined || type === 'comment') continue;
    if (token !== '') sequence.push(token);
    else if (!isNull(value) && hashed(value).text !== '') sequence.push(hashed(value).text);
  }
  return sequence;
}
