import type { ConfigValue } from '../../config/value.ts';
import { isSameRecipient, type RecipientName } from '../../keys/index.ts';
import { type Finding, type Region, regionAt } from '../../operations/check/finding.ts';
import { listed } from '../../text/listed.ts';
import { without } from './access.ts';
import type { Approval } from './approvals.ts';
import type { Readers } from './readers.ts';
import { CONFIG_NAME, folderOf, type Rulebook } from './rulebook.ts';
import type { State } from './state.ts';
import type { Versions } from './versions.ts';
import { type Moved, type RuleReaders, readersOf, widened } from './widened.ts';

/** What a change is looked at with. */
export interface Means {
  readonly readers: Readers;
  readonly versions: Versions;
  /** What people signed who could read before. */
  readonly approvals: readonly Approval[];
  /** Whoever calls it vouches for all of them. */
  readonly isAllowed: boolean;
}

/** A file that somebody can read now. */
interface OpenedFile {
  readonly path: string;
  readonly approver: RecipientName | undefined;
  /** It comes with the change, and its rule names somebody who can't open it as it comes: it may be a copy. */
  readonly isBrought: boolean;
}

/** Somebody who can read more than before. */
interface Newcomer {
  readonly recipient: RecipientName;
  readonly files: OpenedFile[];
  /** A configuration that names the recipient now; `undefined` where only files have it. */
  chapter: string | undefined;
  /** Of each rule that names somebody whom none named before, who signed for that. */
  readonly approvers: (RecipientName | undefined)[];
}

/**
 * Who can read files after a change that were there before it, and neither their rule nor they themselves named; and
 * whom no rule named at all. Files and rules are those of the change: of anybody who can open a pull request.
 */
export async function newReaders(
  before: State,
  after: State,
  moved: readonly Moved[],
  means: Means,
): Promise<Finding[]> {
  const newcomers: Newcomer[] = [];
  const find = (recipient: RecipientName): Newcomer => {
    const known = newcomers.find((one) => isSameRecipient(one.recipient, recipient));
    const newcomer = known ?? { recipient, files: [], chapter: undefined, approvers: [] };
    if (known === undefined) newcomers.push(newcomer);
    return newcomer;
  };
  const easier: string[] = [];
  for (const one of moved) {
    const { path, was, is } = one;
    const found = await widened(before, after, one, means.versions);
    if (found.isEasier) easier.push(path);
    for (const recipient of found.recipients) {
      const newcomer = find(recipient);
      const isBrought = found.brought.includes(recipient);
      newcomer.files.push({ path, approver: approverFor(recipient, was, means.approvals), isBrought });
      if (is?.recipients.some((one) => isSameRecipient(one, recipient)) === true)
        newcomer.chapter ??= is.ruled.chapter.path;
    }
  }
  const earlier = await allByRules(before, means.readers);
  const known = earlier.flatMap(({ recipients }) => recipients);
  if (known.length > 0)
    for (const { ruled, recipients } of await allByRules(after, means.readers))
      for (const recipient of without(recipients, known)) {
        const newcomer = find(recipient);
        newcomer.chapter ??= ruled.chapter.path;
        const was = earlier.find((one) => isSameRule(one.ruled, ruled));
        newcomer.approvers.push(approverFor(recipient, was, means.approvals));
      }
  return [...newcomers.flatMap((one) => findingsOn(one, after, means)), ...easierFindings(easier, means)];
}

/** An approval is for what its teams could read before, and only worth something from who could read that, too. */
function approverFor(
  recipient: RecipientName,
  was: RuleReaders | undefined,
  approvals: readonly Approval[],
): RecipientName | undefined {
  if (was === undefined) return undefined;
  const { chapter, rule: own } = was.ruled;
  const rule = chapter.config?.rules?.[own.number - 1];
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

async function allByRules({ rulebook }: State, readers: Readers): Promise<RuleReaders[]> {
  const found: RuleReaders[] = [];
  for (const { chapter, rule } of rulebook.rules()) found.push(await readersOf({ chapter, rule }, readers));
  return found;
}

/** Whether two rules are for the same files. */
function isSameRule(one: RuleReaders['ruled'], other: RuleReaders['ruled']): boolean {
  return one.chapter.path === other.chapter.path && patternOf(one) === patternOf(other);
}

function patternOf({ chapter, rule }: RuleReaders['ruled']): string {
  return chapter.config?.rules?.[rule.number - 1]?.get('path_regex')?.text ?? '';
}

/** As many as somebody reads in one line. */
const MOST_FILES = 3;

function findingsOn(
  { recipient, files, chapter, approvers }: Newcomer,
  after: State,
  { isAllowed }: Means,
): Finding[] {
  const [first] = files;
  const file = chapter ?? first?.path ?? CONFIG_NAME;
  const names = after.rulebook.namesFor(file);
  const region = chapter === undefined ? undefined : regionOf(after.rulebook, recipient, chapter);
  const place = region === undefined ? { file } : { file, region };
  const who = names.describe(recipient);
  const by = (approver: RecipientName | undefined): string =>
    approver === undefined ? '' : `, as ${names.describe(approver)} signed`;
  const rule = isAllowed ? 'recipients-added' : 'reader-unapproved';
  if (first === undefined) {
    const message = `${who} is in a rule now, and was in none before`;
    const isSigned = approvers.every((one) => one !== undefined);
    return isSigned
      ? [{ ...place, rule: 'recipients-added', message: `${message}${by(approvers[0])}` }]
      : [{ ...place, rule, message }];
  }
  const brought = files.filter(({ isBrought }) => isBrought);
  const opened = files.filter(({ isBrought }) => !isBrought);
  const unsigned = opened.filter(({ approver }) => approver === undefined);
  const signed = opened.filter(({ approver }) => approver !== undefined);
  const found: Finding[] = [];
  if (unsigned.length > 0)
    found.push({ ...place, rule, message: `this change lets ${who} read ${namesOf(unsigned)}` });
  if (signed.length > 0)
    found.push({
      ...place,
      rule: 'recipients-added',
      message: `this change lets ${who} read ${namesOf(signed)}${by(signed[0]?.approver)}`,
    });
  const [one] = brought;
  if (one !== undefined)
    found.push({
      file: one.path,
      rule,
      message: `this change brings ${namesOf(brought)}, which the rule opens to ${who}, who can not open it as it comes`,
      fix: {
        command: ['sotto', 'sync', ...brought.slice(0, MOST_FILES).map(({ path }) => path)],
        automatic: false,
      },
    });
  return found;
}

function easierFindings(paths: readonly string[], { isAllowed }: Means): Finding[] {
  const [file] = paths;
  if (file === undefined) return [];
  const rule = isAllowed ? 'recipients-added' : 'reader-unapproved';
  return [
    { file, rule, message: `after this change, keys of fewer groups open ${listed(paths, MOST_FILES)}` },
  ];
}

function namesOf(files: readonly OpenedFile[]): string {
  return listed(
    files.map(({ path }) => path),
    MOST_FILES,
  );
}

/** Where the configuration names the recipient. */
function regionOf(rulebook: Rulebook, recipient: RecipientName, chapter: string): Region | undefined {
  for (const { chapter: own, rule } of rulebook.rules()) {
    const named = own.path === chapter ? rule.groups.flat() : [];
    const place = named.find((one) => isSameRecipient(one, recipient))?.place;
    if (place !== undefined) return regionAt(place);
  }
  return undefined;
}
