import { randomUUID } from 'node:crypto';
import { ConfigText, keyText } from '../../config/config-text.ts';
import { SottoError } from '../../errors.ts';
import type { FilePattern } from './patterns.ts';

/** Somebody who can read, as a new configuration names people. */
export interface Person {
  readonly name: string;
  readonly recipient: string;
  /** Behind the recipient. */
  readonly comment: string;
}

/** The team of a new configuration. */
const TEAM = 'everyone';

/** Names of people, teams and all other anchors are of one space, since an anchor that is there twice changes readers. */
export function checkName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) && name !== TEAM) return name;
  throw new SottoError('usage', `"${name}" is no name for a person here`, {
    hint: `a name has letters of ASCII, digits, _ and -, and "${TEAM}" is the team's`,
  });
}

/** A name for messages made of one that people have; `me` where nothing is left of it. */
export function nameFrom(text: string | undefined): string {
  const word = (text ?? '')
    .trim()
    .toLowerCase()
    .split(/[^a-z0-9_-]+/)
    .find((part) => part !== '');
  return word === undefined || word === TEAM || !/^[a-z0-9]/.test(word) ? 'me' : word.slice(0, 40);
}

/** The text of a new configuration: people are anchors, which sops follows too, so nothing is to be kept in step. */
export function newConfig(people: readonly Person[], patterns: readonly FilePattern[]): string {
  return [
    '# Who can read which files. sops passes over "sotto:", and follows the anchors in it.',
    'sotto:',
    `  repository: ${randomUUID()}`,
    '  people:',
    ...people.flatMap(({ name, recipient, comment }) => [
      `    ${keyText(name)}: &${name}`,
      `      age: [${quoted(recipient)}]${comment === '' ? '' : ` # ${comment}`}`,
    ]),
    '  teams:',
    `    ${TEAM}: &${TEAM} { merge: [${people.map(({ name }) => `*${name}`).join(', ')}] }`,
    'creation_rules:',
    ...patterns.flatMap(({ regex, format }) => [
      `  - path_regex: ${quoted(regex)}`,
      `    key_groups: [*${TEAM}]`,
      ...(format === undefined ? [] : [`    sotto: { format: ${format} }`]),
    ]),
    '',
  ].join('\n');
}

/**
 * A configuration with a rule more for each of some patterns, at the end: what was there goes on to count first. Where it
 * has the team of a new configuration, that can read the files; else the recipient alone.
 */
export function withRules(
  text: string,
  path: string,
  recipient: string,
  patterns: readonly FilePattern[],
): string {
  if (patterns.length === 0) return text;
  const config = new ConfigText(text.trim() === '' ? '{}\n' : text, path);
  const readers = config.anchored(TEAM) === undefined ? { age: recipient } : { group: TEAM };
  for (const { regex, format } of patterns) config.appendRule(regex, readers, format);
  return config.text;
}

/** As it stands where nothing in it means something to YAML. */
function quoted(text: string): string {
  return /^[\w^./$][\w^./$\\ +=-]*$/.test(text) && !/ #| $/.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
