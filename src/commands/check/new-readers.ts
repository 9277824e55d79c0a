import type { ConfigValue } from '../../config/value.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import type { Finding, Region } from '../../operations/check/finding.ts';
import type { SealedFile } from '../../operations/check/sealed-file.ts';
import { findRenames, type Half } from '../git/renames.ts';
import type { Approval } from './approvals.ts';
import type { Readers } from './readers.ts';
import { CONFIG_NAME, folderOf, isConfig, type Rulebook, type Ruled } from './rulebook.ts';
import type { State } from './state.ts';
import type { Versions } from './versions.ts';

/** What a change is looked at with. */
export interface Means {
  readonly readers: Readers;
  readonly versions: Versions;
  /** What people signed who could read before. */
  readonly approvals: readonly Approval[];
  /** Whoever calls it vouches for all of them. */
  readonly isAllowed: boolean;
}

/** Somebody who can read more than before. */
interface Newcomer {
  readonly recipient: RecipientName;
  /** Encrypted files that were there before. */
  readonly files: { readonly path: string; readonly approver: RecipientName | undefined }[];
  /** A configuration that names the recipient now; `undefined` where only files have it. */
  chapter: string | undefined;
}

/**
 * Who can read files after a change that were there before it, and neither their rule nor they themselves named; and
 * whom no rule named at all. Files and rules are those of the change: of anybody who can open a pull request.
 */
export async function newReaders(before: State, after: State, means: Means): Promise<Finding[]> {
  const newcomers: Newcomer[] = [];
  const find = (recipient: RecipientName): Newcomer => {
    const known = newcomers.find((one) => isSameRecipient(one.recipient, recipient));
    const newcomer = known ?? { recipient, files: [], chapter: undefined };
    if (known === undefined) newcomers.push(newcomer);
    return newcomer;
  };
  for (const [path, origin] of await pathsOf(before, after, means.versions)) {
    const [was, is] = [await readersByRule(before, origin, means), await readersByRule(after, path, means)];
    const found = await newIn(before, after, path, origin, was, is, means.versions);
    for (const recipient of found) {
      const newcomer = find(recipient);
      newcomer.files.push({ path, approver: approverFor(recipient, was, means.approvals) });
      if (is?.recipients.some((one) => isSameRecipient(one, recipient)) === true)
        newcomer.chapter ??= is.ruled.chapter.path;
    }
  }
  const earlier = await allByRules(before, means);
  if (earlier.length > 0)
    for (const { recipient, chapter } of await allByRules(after, means))
      if (!earlier.some((one) => isSameRecipient(one.recipient, recipient)))
        find(recipient).chapter ??= chapter;
  return newcomers.flatMap((one) => findingsOn(one, after, means));
}

/** Paths whose readers may be others, each with the path that it had: all, where rules are others. */
async function pathsOf(before: State, after: State, versions: Versions): Promise<Map<string, string>> {
  const changed = [...after.blobs].filter(([path, blob]) => before.blobs.get(path) !== blob);
  const gone = [...before.blobs].filter(([path]) => !after.blobs.has(path));
  const isRuledAnew = [...changed, ...gone].some(([path]) => isConfig(path));
  const added = changed.filter(([path]) => !before.blobs.has(path));
  const renames =
    gone.length === 0
      ? new Map<string, string>()
      : findRenames(await halves(gone, versions), await halves(added, versions));
  const paths = new Map<string, string>();
  for (const [path] of isRuledAnew ? after.blobs : changed) {
    const origin = before.blobs.has(path) ? path : renames.get(path);
    if (origin !== undefined && !isConfig(path)) paths.set(path, origin);
  }
  return paths;
}

/** Encrypted files with their bytes. */
async function halves(files: readonly (readonly [string, string])[], versions: Versions): Promise<Half[]> {
  const found: Half[] = [];
  for (const [path, blob] of files) {
    const bytes = await versions.bytes(blob);
    if (bytes !== undefined && (await versions.sealed(path, blob)) !== undefined) found.push({ path, bytes });
  }
  return found;
}

/** A rule, and whom it names. */
export interface RuleReaders {
  readonly ruled: Ruled;
  readonly recipients: readonly RecipientName[];
}

/** Whom the rule of a file names; `undefined` if none speaks of it. */
export async function readersByRule(
  { rulebook }: State,
  path: string,
  { readers }: Pick<Means, 'readers'>,
): Promise<RuleReaders | undefined> {
  const ruled = await rulebook.ruleOrNone(path);
  if (ruled === undefined) return undefined;
  return { ruled, recipients: ((await readers.termsOf(ruled.rule)).groups ?? []).flat() };
}

async function newIn(
  before: State,
  after: State,
  path: string,
  origin: string,
  was: RuleReaders | undefined,
  is: RuleReaders | undefined,
  versions: Versions,
): Promise<RecipientName[]> {
  const [old, blob] = [before.blobs.get(origin), after.blobs.get(path)];
  const byRule = is?.recipients ?? [];
  const isSameFile = old === blob;
  // Most files: nothing in them has to be read.
  if (isSameFile && was !== undefined && without(byRule, was.recipients).length === 0) return [];
  const past = old === undefined ? undefined : await versions.sealed(origin, old);
  const now = blob === undefined ? undefined : await versions.sealed(path, blob);
  // What stood in clear, everybody could read.
  if (past === undefined || now === undefined) return [];
  const known = was?.recipients ?? heldBy(past);
  const found = without(byRule, known);
  const byFile = isSameFile ? [] : without(without(heldBy(now), heldBy(past)), known);
  return [...found, ...without(byFile, found)];
}

function heldBy({ metadata }: SealedFile): RecipientName[] {
  return metadata.groups.flat().map(nameOf);
}

function without(all: readonly RecipientName[], others: readonly RecipientName[]): RecipientName[] {
  return all.filter((one) => !others.some((other) => isSameRecipient(one, other)));
}

/** An approval is for what its teams could read before, and only worth something from who could read that, too. */
function approverFor(
  recipient: RecipientName,
  was: RuleReaders | undefined,
  approvals: readonly Approval[],
): RecipientName | undefined {
  if (was === undefined) return undefined;
  const { chapter, number } = was.ruled;
  const rule = chapter.config?.rules?.[number];
  const teams = rule === undefined ? new Set<string>() : groupsIn(rule);
  return approvals.find(
    ({ recipients, anchors, signer, folder }) =>
      folder === folderOf(chapter.path) &&
      recipients.some((one) => isSameRecipient(one, recipient)) &&
      anchors.some((anchor) => teams.has(anchor)) &&
      was.recipients.some((one) => isSameRecipient(one, signer)),
  )?.signer;
}

/** The anchors of all groups that a rule is made of. */
function groupsIn(rule: ConfigValue): Set<string> {
  const seen = new Set<string>();
  const visit = (group: ConfigValue): void => {
    const { anchor } = group;
    if (anchor !== undefined && seen.has(anchor)) return;
    if (anchor !== undefined) seen.add(anchor);
    group.get('merge')?.items().forEach(visit);
  };
  rule.get('key_groups')?.items().forEach(visit);
  return seen;
}

async function allByRules(
  { rulebook }: State,
  { readers }: Pick<Means, 'readers'>,
): Promise<{ readonly recipient: RecipientName; readonly chapter: string }[]> {
  const found: { recipient: RecipientName; chapter: string }[] = [];
  for (const { chapter, rule } of rulebook.rules())
    for (const recipient of ((await readers.termsOf(rule)).groups ?? []).flat())
      found.push({ recipient, chapter: chapter.path });
  return found;
}

/** As many as somebody reads in one line. */
const MOST_FILES = 3;

function findingsOn({ recipient, files, chapter }: Newcomer, after: State, { isAllowed }: Means): Finding[] {
  const [first] = files;
  const file = chapter ?? first?.path ?? CONFIG_NAME;
  const names = after.rulebook.namesFor(file);
  const region = chapter === undefined ? undefined : regionOf(after.rulebook, recipient, chapter);
  const place = region === undefined ? { file } : { file, region };
  const who = names.describe(recipient);
  const by = (approver: RecipientName | undefined): string =>
    approver === undefined ? '' : `, as ${names.describe(approver)} signed`;
  if (first === undefined) {
    const message = `${who} is in a rule now, and was in none before`;
    return [{ ...place, rule: isAllowed ? 'recipients-added' : 'reader-unapproved', message }];
  }
  const unsigned = files.filter(({ approver }) => approver === undefined);
  const signed = files.filter(({ approver }) => approver !== undefined);
  return [
    ...(unsigned.length === 0
      ? []
      : [
          {
            ...place,
            rule: isAllowed ? ('recipients-added' as const) : ('reader-unapproved' as const),
            message: `this change lets ${who} read ${listed(unsigned)}`,
          },
        ]),
    ...(signed.length === 0
      ? []
      : [
          {
            ...place,
            rule: 'recipients-added' as const,
            message: `this change lets ${who} read ${listed(signed)}${by(signed[0]?.approver)}`,
          },
        ]),
  ];
}

function listed(files: Newcomer['files']): string {
  const shown = files.slice(0, MOST_FILES).map(({ path }) => path);
  const more = files.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Where the configuration names the recipient. */
function regionOf(rulebook: Rulebook, recipient: RecipientName, chapter: string): Region | undefined {
  for (const { chapter: own, rule } of rulebook.rules()) {
    const named = own.path === chapter ? rule.groups.flat() : [];
    const place = named.find((one) => isSameRecipient(one, recipient))?.place;
    if (place !== undefined)
      return { line: place.line, column: place.column, endLine: place.line, endColumn: place.column };
  }
  return undefined;
}
