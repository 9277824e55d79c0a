import { asText } from '../../core/sops/cipher.ts';
import type { Path } from '../../core/tree/tree.ts';
import { diff } from '../../text/sequence-diff.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { SaidComment } from './said-comments.ts';
import { isBranch, type SaidBranch, type SaidNode } from './said-tree.ts';
import type { Said } from './version.ts';

/** Something that happened to a value or a comment. */
export interface Finding {
  readonly change: Difference;
  /** Where it is; where it was, if it was removed. Of a comment, what it stands above. */
  readonly path: Path;
  readonly document: number;
  readonly before: Said | undefined;
  readonly after: Said | undefined;
}

/** What happened to the values of a file, document by document. */
export function compareTrees(
  before: readonly SaidBranch[],
  after: readonly SaidBranch[],
  isSameKey: boolean,
): Finding[] {
  const findings: Finding[] = [];
  for (let document = 0; document < Math.max(before.length, after.length); document += 1)
    new Walk(document, isSameKey, findings).nodes(
      before[document] ?? NOTHING,
      after[document] ?? NOTHING,
      [],
    );
  return findings;
}

const NOTHING: SaidBranch = { isList: false, children: new Map() };

class Walk {
  readonly #document: number;
  readonly #isSameKey: boolean;
  readonly #findings: Finding[];

  constructor(document: number, isSameKey: boolean, findings: Finding[]) {
    this.#document = document;
    this.#isSameKey = isSameKey;
    this.#findings = findings;
  }

  nodes(before: SaidNode | undefined, after: SaidNode | undefined, path: Path): void {
    if (before !== undefined && after !== undefined) {
      if (isBranch(before) && isBranch(after)) {
        if (before.isList && after.isList) return this.#lists(before, after, path);
        if (!before.isList && !after.isList) return this.#maps(before, after, path);
      } else if (!isBranch(before) && !isBranch(after)) {
        const change = differenceOf(before, after, this.#isSameKey);
        if (change !== undefined) this.#add(change, path, before, after);
        return;
      }
    }
    if (before !== undefined) this.#all('removed', before, path);
    if (after !== undefined) this.#all('added', after, path);
  }

  #maps(before: SaidBranch, after: SaidBranch, path: Path): void {
    for (const [key, now] of after.children) this.#alike(before.children.get(key) ?? [], now, [...path, key]);
    for (const [key, was] of before.children)
      if (!after.children.has(key)) this.#alike(was, [], [...path, key]);
  }

  /** Nodes of one key. */
  #alike(before: readonly SaidNode[], after: readonly SaidNode[], path: Path): void {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1)
      this.nodes(before[index], after[index], path);
  }

  /** Items that say the same belong together; what is between them changed, in order. */
  #lists(before: SaidBranch, after: SaidBranch, path: Path): void {
    const [was, now] = [[...before.children], [...after.children]];
    const isOpen = isKnown(before) && isKnown(after);
    const changes = diff(
      was.map(([, items]) => signature(items, isOpen)),
      now.map(([, items]) => signature(items, isOpen)),
    );
    for (const { start, end, otherStart, otherEnd } of changes) {
      for (let offset = 0; offset < Math.max(end - start, otherEnd - otherStart); offset += 1) {
        const [oldKey = 0, old = []] = was[start + offset < end ? start + offset : -1] ?? [];
        const [newKey = oldKey, items = []] =
          now[otherStart + offset < otherEnd ? otherStart + offset : -1] ?? [];
        this.#alike(old, items, [...path, newKey]);
      }
    }
  }

  #all(change: 'added' | 'removed', node: SaidNode, path: Path): void {
    if (isBranch(node)) {
      for (const [key, nodes] of node.children)
        for (const one of nodes) this.#all(change, one, [...path, key]);
    } else if (change === 'added') {
      this.#add(change, path, undefined, node);
    } else {
      this.#add(change, path, node, undefined);
    }
  }

  #add(change: Difference, path: Path, before: Said | undefined, after: Said | undefined): void {
    this.#findings.push({ change, path, document: this.#document, before, after });
  }
}

/** Whether all that is in a node can be read. */
function isKnown(node: SaidNode): boolean {
  return isBranch(node) ? [...node.children.values()].flat().every(isKnown) : node.plain !== undefined;
}

/** What items say, for comparing them: two with the same signature are the same, encrypted alike. */
function signature(nodes: readonly SaidNode[], isOpen: boolean): string {
  return JSON.stringify(nodes.map((node) => signatureOf(node, isOpen)));
}

function signatureOf(node: SaidNode, isOpen: boolean): unknown {
  if (isBranch(node))
    return [...node.children].map(([key, nodes]) => [key, nodes.map((one) => signatureOf(one, isOpen))]);
  const { plain, token, type } = node;
  return isOpen && plain !== undefined
    ? [
        type,
        token === '',
        asText(plain),
        'bytes' in plain && plain.bytes !== undefined ? [...plain.bytes] : '',
      ]
    : [type, token, plain === undefined ? '' : asText(plain)];
}

/** What happened to comments. Those above the same thing belong together. */
export function compareComments(
  before: readonly SaidComment[],
  after: readonly SaidComment[],
  isSameKey: boolean,
): Finding[] {
  const [was, now] = [byPlace(before), byPlace(after)];
  return [...new Set([...now.keys(), ...was.keys()])].flatMap((place) => {
    const [old, items] = [was.get(place) ?? [], now.get(place) ?? []];
    const isOpen = [...old, ...items].every(({ said }) => said.plain !== undefined);
    const signatures = [old, items].map((some) => some.map(({ said }) => signature([said], isOpen)));
    const changes = diff(signatures[0] ?? [], signatures[1] ?? []);
    return changes.flatMap(({ start, end, otherStart, otherEnd }) =>
      pairUp(old.slice(start, end), items.slice(otherStart, otherEnd), isSameKey),
    );
  });
}

function pairUp(
  before: readonly SaidComment[],
  after: readonly SaidComment[],
  isSameKey: boolean,
): Finding[] {
  return Array.from(
    { length: Math.max(before.length, after.length) },
    (_, index) => [before[index], after[index]] as const,
  ).flatMap(([was, now]): Finding[] => {
    const one = now ?? was;
    if (one === undefined) return [];
    const change =
      was !== undefined && now !== undefined
        ? differenceOf(was.said, now.said, isSameKey)
        : was === undefined
          ? 'added'
          : 'removed';
    const { document, above: path } = one;
    return change === undefined ? [] : [{ change, path, document, before: was?.said, after: now?.said }];
  });
}

function byPlace(comments: readonly SaidComment[]): Map<string, SaidComment[]> {
  const places = new Map<string, SaidComment[]>();
  for (const comment of comments) {
    const place = JSON.stringify([comment.document, ...comment.above]);
    const alike = places.get(place);
    if (alike === undefined) places.set(place, [comment]);
    else alike.push(comment);
  }
  return places;
}
