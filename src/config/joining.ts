import { behindAliases, type Path } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import { isSameRecipient, type RecipientName, shortForm } from '../keys/index.ts';
import { oneLine } from '../text/printable.ts';
import { refuseAnchorTwice } from './anchors.ts';
import type { Config } from './config.ts';
import { type ConfigText, childrenOf, groupFieldOf, ruleFieldOf } from './config-text.ts';
import { namesRecipient, recipientNames } from './names.ts';
import { ruleAt } from './rules.ts';

/** Names of people, as anchors can have them. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * Put somebody into a configuration: among the people and into teams, where it has those; else into rules, or groups and
 * lists with an anchor, in the style that is there.
 *
 * @param to teams; or anchors, numbers of rules, or their path_regex
 * @throws SottoError `person-invalid`, `person-unknown`, `config-invalid`
 */
export function join(
  config: ConfigText,
  name: string,
  recipients: readonly RecipientName[],
  to: readonly string[],
): void {
  const before = config.config;
  refuseAnchorTwice(before);
  if (!NAME.test(name))
    throw new SottoError('person-invalid', `"${oneLine(name)}" is no name for a person here`, {
      hint: 'a name has letters of ASCII, digits, _ and -, as anchors do',
    });
  if (config.at(['sotto', 'people']) === undefined) joinRules(config, name, recipients, to);
  else joinTeams(config, name, recipients, to);
  const names = recipientNames(before);
  const isMeant = (one: RecipientName): boolean =>
    recipients.length === 0
      ? names.nameOf(one) === name
      : recipients.some((other) => isSameRecipient(one, other));
  refuseOther(before, config.config, (was, is) => {
    const added = is.filter((one) => !was.some((other) => isSameRecipient(one, other)));
    const stays = was.every((one) => is.some((other) => isSameRecipient(one, other)));
    return stays && added.every(isMeant);
  });
}

/** A key with two names would be taken out for one of them, and stay for the other. @throws SottoError `person-invalid` */
function refuseOwned(config: ConfigText, name: string, recipients: readonly RecipientName[]): void {
  const names = recipientNames(config.config);
  for (const one of recipients) {
    const owner = names.nameOf(one);
    if (owner === undefined || owner === name || config.at(['sotto', 'people', owner]) === undefined)
      continue;
    throw new SottoError('person-invalid', `${shortForm(one)} is a key of ${owner}'s already`, {
      hint: `"sotto add ${owner} --to TEAM" puts ${owner} into a further team`,
    });
  }
}

function joinTeams(
  config: ConfigText,
  name: string,
  recipients: readonly RecipientName[],
  to: readonly string[],
): void {
  const people = ['sotto', 'people'];
  const isThere = config.at([...people, name]) !== undefined;
  if (isThere && !areOf(config, name, recipients)) throw anotherKey(name);
  if (!isThere && recipients.length === 0)
    throw new SottoError('person-unknown', `there is no ${name} yet, and no recipient was named`, {
      hint: `name a key: sotto add ${name} age1… --to TEAM`,
    });
  refuseOwned(config, name, recipients);
  const teams = to.map((team) => teamPath(config, team));
  if (!isThere) {
    if (config.anchored(name) !== undefined) throw taken(name);
    config.setGroup(people, name, recipients);
  }
  for (const team of teams) {
    const path = [...team, 'merge'];
    if (!mergesAlready(config, path, name)) config.appendAlias(path, name);
  }
}

/** Whether somebody has these keys already. */
function areOf({ config }: ConfigText, name: string, recipients: readonly RecipientName[]): boolean {
  const names = recipientNames(config);
  return recipients.every((one) => namesRecipient(config, one) && names.nameOf(one) === name);
}

function anotherKey(name: string): SottoError {
  return new SottoError('person-invalid', `the name ${name} is taken, by somebody with another key`, {
    hint: `for somebody else, choose another name; a further key of ${name}'s is written beside the first, under sotto: people: ${name}:, and then "sotto sync" does the rest`,
  });
}

function taken(name: string): SottoError {
  return new SottoError('person-invalid', `the name ${name} is taken`, {
    hint: 'people, teams and all other anchors have their names in common; choose another one',
  });
}

function teamPath(config: ConfigText, team: string): Path {
  const path = ['sotto', 'teams', team];
  if (config.at(path)?.kind === 'map') return path;
  const teams = config.at(['sotto', 'teams']);
  const known = teams?.kind === 'map' ? childrenOf(teams).map(([key]) => oneLine(String(key))) : [];
  throw new SottoError('person-unknown', `there is no team ${oneLine(team)}`, {
    hint: known.length === 0 ? 'the configuration has no teams' : `the teams are ${known.join(', ')}`,
  });
}

function mergesAlready(config: ConfigText, path: Path, name: string): boolean {
  const list = config.at(path);
  return list?.kind === 'list' && list.items.some((item) => item.kind === 'alias' && item.name === name);
}

/** Where there are no people: lists of keys, most often with anchors, or with comments. */
function joinRules(
  config: ConfigText,
  name: string,
  recipients: readonly RecipientName[],
  to: readonly string[],
): void {
  if (recipients.length === 0)
    throw new SottoError('person-unknown', 'no recipient was named', {
      hint: `name a key: sotto add ${name} age1… --to RULE`,
    });
  for (const one of to) targetPath(config, one);
  const keys = keysList(config);
  for (const [number, recipient] of recipients.entries()) {
    const own = number === 0 ? name : `${name}-${number + 1}`;
    const known = keys === undefined ? undefined : anchorIn(config, keys, recipient);
    if (keys !== undefined && known === undefined) {
      if (config.anchored(own) !== undefined) throw taken(own);
      config.append(keys, recipient, own);
    }
    const anchor = keys === undefined ? undefined : (known ?? own);
    for (const one of to) putInto(config, targetPath(config, one), recipient, anchor, name);
  }
}

/** The anchor that a list of keys has on a recipient. */
function anchorIn(config: ConfigText, keys: Path, recipient: RecipientName): string | undefined {
  const list = config.at(keys);
  const items = list?.kind === 'list' ? list.items : [];
  const item = items.find((one) => one.kind === 'value' && isIn(one.value.text, recipient));
  return item === undefined || item.kind === 'comment' ? undefined : config.document.anchors?.get(item);
}

/** Whether a text names a recipient, alone or among others. */
function isIn(text: string, { kind, id }: RecipientName): boolean {
  return text.split(',').some((one) => isSameRecipient({ kind, id }, { kind, id: one.trim() }));
}

/** `keys: [&ann age1…, …]` at the top, as sops-nix has it. */
function keysList(config: ConfigText): Path | undefined {
  const { document } = config;
  return config
    .places()
    .find(
      ({ path, node }) =>
        path.length === 1 &&
        node.kind === 'list' &&
        node.items.some((item) => item.kind === 'value' && document.anchors?.has(item) === true),
    )?.path;
}

function targetPath(config: ConfigText, to: string): Path {
  const anchored = config.anchored(to);
  if (anchored !== undefined) return anchored;
  const rules = config.config.rules ?? [];
  const number = rules.findIndex(
    (rule, index) => String(index + 1) === to || rule.get('path_regex')?.text === to,
  );
  if (number !== -1) return ['creation_rules', number];
  throw new SottoError('person-unknown', `there is no rule, group or team ${oneLine(to)}`, {
    hint: 'without sotto.people, --to takes an anchor, the number of a rule, or its path_regex',
  });
}

/** @param anchor left out, the recipient itself is written @param name for a comment behind it */
function putInto(
  config: ConfigText,
  path: Path,
  recipient: RecipientName,
  anchor: string | undefined,
  name: string,
): void {
  const list = listFor(config, path, recipient);
  const found = config.at(list);
  const node = found === undefined ? undefined : behindAliases(found);
  if (node?.kind === 'value') {
    const { text } = node.value;
    if (!isIn(text, recipient)) config.setText(list, `${text.trimEnd().replace(/,$/, '')},${recipient.id}`);
    return;
  }
  const items = node?.kind === 'list' ? childrenOf(node).map(([, item]) => behindAliases(item)) : [];
  if (items.some((item) => item.kind === 'value' && isIn(item.value.text, recipient))) return;
  if (anchor !== undefined) config.appendAlias(list, anchor);
  else {
    config.append(list, recipient);
    config.remark(list, name);
  }
}

/** The list, or the text with commas, that a recipient of a kind goes into. */
function listFor(config: ConfigText, path: Path, { kind }: RecipientName): Path {
  const found = config.at(path);
  const node = found === undefined ? undefined : behindAliases(found);
  if (node?.kind === 'list') return path;
  const groups = config.at([...path, 'key_groups']);
  if (groups === undefined)
    return [
      ...path,
      path[0] === 'creation_rules' && path.length === 2 ? ruleFieldOf(kind) : groupFieldOf(kind),
    ];
  const list = behindAliases(groups);
  const [first, another] = list.kind === 'list' ? childrenOf(list) : [];
  if (first === undefined || another !== undefined || first[1].kind === 'alias')
    throw new SottoError('person-invalid', 'the rule has several key groups, or one that stands elsewhere', {
      hint: 'name the group by its anchor: --to ANCHOR',
    });
  return [...path, 'key_groups', 0, groupFieldOf(kind)];
}

/**
 * Refuse a configuration in which a group of a rule has others than it should.
 *
 * @throws SottoError `person-invalid`
 */
export function refuseOther(
  before: Config,
  after: Config,
  isMeant: (was: readonly RecipientName[], is: readonly RecipientName[]) => boolean,
): void {
  const count = before.rules?.length ?? 0;
  let isSame = (after.rules?.length ?? 0) === count;
  for (let number = 0; isSame && number < count; number += 1) {
    const [was, is] = [ruleAt(before, number)?.groups ?? [], ruleAt(after, number)?.groups ?? []];
    isSame = was.length === is.length && was.every((group, index) => isMeant(group, is[index] ?? []));
  }
  refuseAnchorTwice(after);
  if (isSame) return;
  throw new SottoError('person-invalid', 'another change of the rules would come of it than was asked for', {
    hint: 'change .sops.yaml by hand, then "sotto sync" does the rest; nothing was written',
  });
}
