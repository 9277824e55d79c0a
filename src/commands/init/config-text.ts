import { randomUUID } from 'node:crypto';
import { ConfigText } from '../../config/config-text.ts';
import { readConfig } from '../../config/read.ts';
import { applyEdits } from '../../core/splice/edit.ts';
import { NOWHERE, type TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { yaml } from '../../formats/yaml/index.ts';
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
      `    ${name}: &${name}`,
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
  let current = text;
  for (const { regex, format } of patterns) {
    const { rules = [] } = readConfig(current, path);
    const hasTeam = current.trim() !== '' && new ConfigText(current, path).anchored(TEAM) !== undefined;
    const node = mapOf([
      ['path_regex', textNode(regex)],
      ...(hasTeam ? [] : [['age', textNode(recipient)] as const]),
      ...(format === undefined ? [] : [['sotto', mapOf([['format', textNode(format)]])] as const]),
    ]);
    const document = yaml.read(current.trim() === '' ? '{}\n' : current);
    current = applyEdits(
      document.text,
      yaml.change(document, { op: 'set', document: 0, path: ['creation_rules', rules.length], node }),
    );
    if (!hasTeam) continue;
    const config = new ConfigText(current, path);
    config.setAliases(['creation_rules', rules.length, 'key_groups'], [TEAM]);
    current = config.text;
  }
  return current;
}

function mapOf(entries: readonly (readonly [string, TreeNode])[]): TreeNode {
  return {
    kind: 'map',
    place: NOWHERE,
    items: entries.map(([key, value]) => ({ kind: 'entry', key, value, keySpan: NOWHERE })),
  };
}

function textNode(text: string): TreeNode {
  return { kind: 'value', value: { type: 'str', text }, place: NOWHERE };
}

/** As it stands where nothing in it means something to YAML. */
function quoted(text: string): string {
  return /^[\w^./$][\w^./$\\ +=-]*$/.test(text) && !/ #| $/.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
