import { randomUUID } from 'node:crypto';
import { SottoError } from '../errors.ts';
import { isSameRecipient, kindNamed } from '../keys/index.ts';
import type { Names } from '../keys/names.ts';
import { refuseAnchorTwice } from './anchors.ts';
import type { NamedRecipient } from './config.ts';
import { ConfigText, groupFieldOf, keyText, plainText, ruleFieldOf } from './config-text.ts';
import { refuseOther } from './joining.ts';
import { recipientNames } from './names.ts';
import { ruleAt } from './rules.ts';

/** Somebody whom rules name. */
interface Person {
  readonly name: string;
  readonly recipient: NamedRecipient;
}

/** The same people in a group of a rule. */
interface Team {
  readonly name: string;
  readonly people: readonly Person[];
}

/**
 * A configuration whose rules list recipients, made one with people and teams. A recipient keeps the name that an anchor
 * or a comment gives it. That each rule has the same groups as before is looked at in the end.
 *
 * @throws SottoError `person-invalid` where it can't be done without changing what is meant; `set-invalid`
 */
export function withPeople(text: string, path: string): string {
  const before = new ConfigText(text, path).config;
  refuseAnchorTwice(before);
  const groups = (before.rules ?? []).map((_, number) => ruleAt(before, number)?.groups ?? []);
  refuseStrange(before.root?.get('sotto') !== undefined, groups.flat());
  const people = peopleOf(groups.flat(2), recipientNames(before));
  const teams = teamsOf(groups.flat(), people);
  const config = new ConfigText(withBlock(text, people, teams), path);
  for (const [number, own] of groups.entries()) {
    const rule = ['creation_rules', number];
    const names = own.flatMap((group) => teamFor(group, teams)?.name ?? []);
    config.setAliases([...rule, 'key_groups'], names);
    for (const field of new Set(own.flat().map(({ kind }) => ruleFieldOf(kind))))
      if (config.at([...rule, field]) !== undefined) config.remove([...rule, field]);
  }
  // Lists of keys at the top are the people now.
  for (const path of config.listsOfKeys()) config.remove(path);
  refuseOther(
    before,
    config.config,
    (was, is) => was.length === is.length && was.every((one) => isAmong(one, is)),
  );
  return config.text;
}

function refuseStrange(hasOwn: boolean, groups: readonly (readonly NamedRecipient[])[]): void {
  const isStrange = groups
    .flat()
    .some(({ kind, fields }) => fields !== undefined || kindNamed(kind)?.rule.item !== undefined);
  if (!hasOwn && !isStrange && groups.length > 0 && groups.every(({ length }) => length > 0)) return;
  throw new SottoError(
    'person-invalid',
    hasOwn
      ? 'the configuration has a sotto: of its own already'
      : 'a rule names nobody, or keys of a service, whose settings may stand elsewhere',
    { hint: 'write sotto.people by hand: docs/team.md shows how; nothing was written' },
  );
}

function isAmong(one: NamedRecipient, all: readonly NamedRecipient[]): boolean {
  return all.some((other) => isSameRecipient(one, other));
}

function peopleOf(recipients: readonly NamedRecipient[], names: Names): Person[] {
  const people: Person[] = [];
  for (const recipient of recipients) {
    if (
      isAmong(
        recipient,
        people.map((person) => person.recipient),
      )
    )
      continue;
    const called = (names.nameOf(recipient) ?? recipient.kind)
      .split('@')[0]
      ?.replace(/[^A-Za-z0-9_-]+/g, '-');
    const base = called?.replace(/^[-_]+|[-_]+$/g, '') || recipient.kind;
    people.push({ name: free(base, (name) => people.some((other) => other.name === name)), recipient });
  }
  return people;
}

function free(base: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(base)) return base;
  for (let number = 2; ; number += 1) if (!isTaken(`${base}-${number}`)) return `${base}-${number}`;
}

function teamsOf(groups: readonly (readonly NamedRecipient[])[], people: readonly Person[]): Team[] {
  const teams: Team[] = [];
  for (const group of groups) {
    if (teamFor(group, teams) !== undefined) continue;
    const members = people.filter(({ recipient }) => isAmong(recipient, group));
    const isTaken = (name: string): boolean => [...people, ...teams].some((other) => other.name === name);
    teams.push({ name: free('team', isTaken), people: members });
  }
  return teams;
}

function teamFor(group: readonly NamedRecipient[], teams: readonly Team[]): Team | undefined {
  return teams.find(
    ({ people }) =>
      people.length === group.length && people.every(({ recipient }) => isAmong(recipient, group)),
  );
}

/** In front of all else, since anchors have to be. */
function withBlock(text: string, people: readonly Person[], teams: readonly Team[]): string {
  const lines = [
    '# Who can read which files. sops passes over "sotto:", and follows the anchors in it.',
    'sotto:',
    `  repository: ${randomUUID()}`,
    '  people:',
    ...people.map(
      ({ name, recipient: { kind, id } }) =>
        `    ${keyText(name)}: &${name} { ${groupFieldOf(kind)}: [${plainText(id)}] }`,
    ),
    '  teams:',
    ...teams.map(
      ({ name, people: members }) =>
        `    ${keyText(name)}: &${name} { merge: [${members.map((person) => `*${person.name}`).join(', ')}] }`,
    ),
    '',
  ];
  const start = /^(?:\uFEFF)?(?:---[ \t]*\r?\n)?/.exec(text)?.[0] ?? '';
  return start + lines.join(text.includes('\r\n') ? '\r\n' : '\n') + text.slice(start.length);
}
