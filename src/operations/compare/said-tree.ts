import type { Step } from '../../core/splice/leaf.ts';
import { type Said, saidAt, type Version } from './version.ts';

/** What a version says, without any text around it: a value, or what is in a mapping or list. */
export type SaidNode = Said | SaidBranch;

/** A mapping, whose keys can repeat in some formats, or a list. */
export interface SaidBranch {
  readonly isList: boolean;
  readonly children: ReadonlyMap<string | number, readonly SaidNode[]>;
}

/** The same while it is made. */
interface Branch {
  isList: boolean;
  readonly children: Map<string | number, (Said | Branch)[]>;
}

export function isBranch(node: SaidNode): node is SaidBranch {
  return 'children' in node;
}

/** What the documents of a version say. What stands below an alias is said at its anchor; the alias says its name. */
export function saidTrees(version: Version): SaidBranch[] {
  const { leaves, document } = version;
  const roots = document.roots.map((): Branch => ({ isList: false, children: new Map() }));
  const seen = new Set<Step | undefined>();
  /** The branch of each step on the way to the last leaf. */
  const open = new Map<Step | undefined, Branch>();
  let last = -1;
  for (let index = 0; index < leaves.length; index += 1) {
    const leaf = leaves.get(index);
    const root = roots[leaf.document];
    if (root === undefined) continue;
    if (leaf.document !== last) {
      open.clear();
      open.set(undefined, root);
      last = leaf.document;
    }
    const said = saidAt(version, index);
    if (said.type === 'comment') continue;
    const { alias, aliasAt, at } = leaf;
    if (alias === undefined) {
      put(said, at, open);
    } else if (!seen.has(aliasAt)) {
      seen.add(aliasAt);
      const plain = { type: 'str', text: `*${alias.name}` } as const;
      put({ type: 'alias', length: 0, token: '', plain }, aliasAt, open);
    }
  }
  return roots;
}

function put(said: Said, at: Step | undefined, open: Map<Step | undefined, Branch>): void {
  if (at === undefined) return;
  const branch = branchAt(at.up, open);
  add(branch, at.key, said);
}

function branchAt(at: Step | undefined, open: Map<Step | undefined, Branch>): Branch {
  const known = open.get(at);
  if (known !== undefined) return known;
  const made: Branch = { isList: false, children: new Map() };
  open.set(at, made);
  if (at !== undefined) add(branchAt(at.up, open), at.key, made);
  return made;
}

function add(branch: Branch, key: string | number, child: Said | Branch): void {
  if (typeof key === 'number') branch.isList = true;
  const alike = branch.children.get(key);
  if (alike === undefined) branch.children.set(key, [child]);
  else alike.push(child);
}
