import { shortPath } from '../core/tree/path.ts';
import { behindAliases, type Path, type TreeNode } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import { isSameRecipient, kindLike, type RecipientName } from '../keys/index.ts';
import { refuseAnchorTwice } from './anchors.ts';
import type { Config } from './config.ts';
import { type ConfigText, childrenOf } from './config-text.ts';
import { refuseOther } from './joining.ts';
import { GROUP_FIELDS, idsIn, recipientNames } from './names.ts';
import { ConfigValue } from './value.ts';

/** The recipients that a configuration calls by a name. */
export function recipientsCalled(config: Config, name: string): RecipientName[] {
  const names = recipientNames(config);
  const found: RecipientName[] = [];
  const visit = (value: ConfigValue): void => {
    const ids = idsIn(value);
    if (ids === undefined) value.own().forEach(visit);
    for (const id of ids ?? []) {
      const kind = kindLike(id);
      if (kind === undefined) continue;
      const one = { kind: kind.name, id: id.trim() };
      if (names.nameOf(one) === name && !found.some((other) => isSameRecipient(other, one))) found.push(one);
    }
  };
  if (config.root !== undefined) visit(config.root);
  return found;
}

/**
 * Take somebody out of a configuration: out of people, teams, groups, rules and lists.
 *
 * @param gone all that is hers or his
 * @returns the places, as people write paths
 * @throws SottoError `person-invalid` where nobody would be left, `config-invalid`
 */
export function leave(config: ConfigText, name: string, gone: readonly RecipientName[]): string[] {
  const before = config.config;
  refuseAnchorTwice(before);
  const places: string[] = [];
  const person = ['sotto', 'people', name];
  for (let at = next(config, name, gone, person); at !== undefined; at = next(config, name, gone, person)) {
    places.push(shortPath(takeOut(config, at, gone)));
  }
  if (config.at(person) !== undefined) {
    config.remove(person);
    places.unshift(shortPath(person));
  }
  refuseOther(before, config.config, (was, is) => {
    const left = was.filter((one) => !gone.some((other) => isSameRecipient(other, one)));
    return left.length === is.length && left.every((one) => is.some((other) => isSameRecipient(other, one)));
  });
  return places;
}

/** The next place where somebody stands; an alias before what it stands for. */
function next(
  config: ConfigText,
  name: string,
  gone: readonly RecipientName[],
  person: Path,
): Path | undefined {
  const group = config.at(person);
  const source = { path: config.path, text: config.document.text };
  const holds = (node: TreeNode): boolean =>
    (node.kind === 'value' || node.kind === 'map') &&
    (idsIn(new ConfigValue(node, source)) ?? []).some((id) => isGone(id, gone));
  const places = config.places().filter(({ path }) => !isBelow(path, person));
  const alias = places.find(({ node }) => {
    if (node.kind !== 'alias') return false;
    const target = behindAliases(node);
    return (group !== undefined && target === group) || holds(target) || node.name === name;
  });
  return (alias ?? places.find(({ node }) => node.kind !== 'alias' && holds(node)))?.path;
}

function isBelow(path: Path, other: Path): boolean {
  return other.length <= path.length && other.every((key, index) => path[index] === key);
}

function isGone(id: string, gone: readonly RecipientName[]): boolean {
  return gone.some(({ kind, id: own }) => isSameRecipient({ kind, id: own }, { kind, id: id.trim() }));
}

/** @returns what was taken out */
function takeOut(config: ConfigText, path: Path, gone: readonly RecipientName[]): Path {
  const node = config.at(path);
  if (node?.kind === 'value') {
    const ids = node.value.text.split(',');
    const left = ids.filter((id) => !isGone(id, gone));
    if (left.some((id) => id.trim() !== '')) {
      config.setText(path, left.join(',').trim());
      return path;
    }
  }
  const above = path.slice(0, -1);
  const parent = config.at(above);
  const key = path.at(-1);
  if (parent?.kind === 'list') {
    if (above.at(-1) === 'key_groups') throw nobodyLeft(path);
    if (childrenOf(parent).length > 1) {
      config.remove(path);
      return path;
    }
    // The list of keys at the top may go as a whole.
    if (above.length === 1) {
      config.remove(above);
      return path;
    }
    return takeField(config, above);
  }
  if (typeof key === 'string') return takeField(config, path);
  throw nobodyLeft(path);
}

/** Take a field out of a group or a rule, if there is another one with recipients. */
function takeField(config: ConfigText, path: Path): Path {
  const parent = config.at(path.slice(0, -1));
  const others =
    parent?.kind === 'map'
      ? childrenOf(parent).filter(([key]) => key !== path.at(-1) && GROUP_FIELDS.has(String(key)))
      : [];
  if (others.length === 0) throw nobodyLeft(path);
  config.remove(path);
  return path;
}

function nobodyLeft(path: Path): SottoError {
  return new SottoError('person-invalid', `nobody would be left in ${shortPath(path.slice(0, -1))}`, {
    hint: 'add somebody first, or take the team or the rule out by hand; nothing was written',
  });
}
