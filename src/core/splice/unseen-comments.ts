import type { Policy, PolicyState } from '../sops/policy.ts';
import type { ListNode, MapNode, UnseenComment } from '../tree/tree.ts';
import type { Leaf, Step } from './leaf.ts';

/**
 * The comments of one document that sops does not see, as leaves. Such a comment belongs to the collection around it;
 * it is encrypted when values there would be, or when one of its neighbours is. Where it names its keys itself, values
 * below those count: so a value that a later one overrides is, when its own keys select it, or the later one is.
 *
 * @param unseen in the order of the text
 * @param seen the other leaves of the document
 */
export function unseenLeaves(
  root: MapNode,
  unseen: readonly UnseenComment[],
  seen: readonly Leaf[],
  document: number,
  policy: Policy,
): Leaf[] {
  if (unseen.length === 0) return [];
  const own = seen.filter((leaf) => leaf.alias === undefined);
  own.sort((a, b) => a.node.place.start - b.node.place.start);
  const containers = containersAround(root, unseen);
  const hidden = new Set(own.flatMap((leaf) => (leaf.encrypted ? [leaf.aad] : [])));
  let next = 0;
  return unseen.map((node, index) => {
    while (next < own.length && (own[next]?.node.place.start ?? 0) < node.place.start) next += 1;
    const { at, keys } = containers[index] ?? ROOT;
    const around = stateBelow(keys, policy);
    const isInside = at !== undefined && policy.isEncrypted(around, [[]], true);
    const isNear = own[next - 1]?.encrypted === true || own[next]?.encrypted === true;
    const { path } = node;
    const isOwn =
      path !== undefined &&
      (hidden.has(aadOf(path)) || policy.isEncrypted(stateBelow(path, policy), [[]], false));
    const encrypted = isInside || isNear || isOwn;
    return { node, document, at, aad: aadOf(keys), encrypted, selected: encrypted, inList: false };
  });
}

function stateBelow(keys: readonly string[], policy: Policy): PolicyState {
  return keys.reduce((before, key) => policy.enter(before, key), policy.initial);
}

function aadOf(keys: readonly string[]): string {
  return keys.length === 0 ? ':' : `${keys.join(':')}:`;
}

/** A collection, and the keys on the way to it. */
interface Enclosing {
  readonly at: Step | undefined;
  readonly keys: readonly string[];
}

const ROOT: Enclosing = { at: undefined, keys: [] };

/** The innermost collection around each comment. */
function containersAround(root: MapNode, unseen: readonly UnseenComment[]): Enclosing[] {
  const found: Enclosing[] = new Array(unseen.length).fill(ROOT);
  const firstFrom = (offset: number): number => {
    let low = 0;
    let high = unseen.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((unseen[middle]?.place.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const visit = (node: MapNode | ListNode, { at, keys }: Enclosing): void => {
    let index = 0;
    for (const item of node.items) {
      if (item.kind === 'comment') continue;
      const child = item.kind === 'entry' ? item.value : item;
      const key = item.kind === 'entry' ? item.key : index;
      index += 1;
      if (child.kind !== 'map' && child.kind !== 'list') continue;
      const from = firstFrom(child.place.start);
      const to = firstFrom(child.place.end);
      if (from === to) continue;
      const inside = { at: { up: at, key }, keys: typeof key === 'string' ? [...keys, key] : keys };
      found.fill(inside, from, to);
      visit(child, inside);
    }
  };
  visit(root, ROOT);
  return found;
}
