import type { ConflictKind } from '../../core/merge/merge-blocks.ts';
import { mergedOrder } from '../../core/merge/order.ts';
import type { KeyEntry, Metadata } from '../../core/sops/metadata.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';

/** The metadata of the three versions. */
export interface Three<Thing> {
  readonly base: Thing | undefined;
  readonly ours: Thing;
  readonly theirs: Thing;
}

/** A recipient of the merged file. */
export interface Reader {
  readonly name: RecipientName;
  /** The entry of our version; left out where only theirs has it. */
  readonly ours: KeyEntry | undefined;
  readonly theirs: KeyEntry | undefined;
}

/** What the metadata of a merged file is to say, but for the entries themselves. */
export interface MergedSettings
  extends Pick<Metadata, 'selector' | 'macOnlyEncrypted' | 'version' | 'unknown'> {
  readonly groups: readonly (readonly Reader[])[];
  readonly threshold: number | undefined;
  /** Those whom a version has, and the merged file has not. */
  readonly gone: readonly RecipientName[];
  readonly conflicts: readonly ConflictKind[];
}

/** Merge what three versions say besides their values. Recipients merge as sets, group by group. */
export function mergeSettings(three: Three<Metadata>): MergedSettings {
  const conflicts: ConflictKind[] = [];
  const selected = pick(three, ({ selector, macOnlyEncrypted }) =>
    JSON.stringify([selector, macOnlyEncrypted]),
  );
  if (selected === undefined) conflicts.push('selector');
  const shape = pick(three, ({ groups, threshold = 0 }) => JSON.stringify([groups.length, threshold]));
  if (shape === undefined) conflicts.push('groups');
  const { selector, macOnlyEncrypted } = selected ?? three.ours;
  const { groups: shaped, threshold } = shape ?? three.ours;
  const groups = shaped.map((_, number) => mergeGroup(three, number));
  const isLeft = (name: RecipientName): boolean =>
    groups.some((group) => group.some((one) => isSameRecipient(one.name, name)));
  const known = [three.base, three.ours, three.theirs]
    .flatMap((metadata) => metadata?.groups.flat() ?? [])
    .map(nameOf);
  const gone = known.filter(
    (name, index) => !isLeft(name) && known.findIndex((one) => isSameRecipient(one, name)) === index,
  );
  return {
    selector,
    macOnlyEncrypted,
    version: (pick(three, ({ version }) => version) ?? three.ours).version,
    unknown: (pick(three, ({ unknown }) => JSON.stringify(unknown)) ?? three.ours).unknown,
    groups,
    threshold,
    gone,
    conflicts,
  };
}

/** The version whose word counts; `undefined` if both changed it in different ways. */
function pick<Thing>(
  { base, ours, theirs }: Three<Thing>,
  wordOf: (one: Thing) => string,
): Thing | undefined {
  const [mine, other] = [wordOf(ours), wordOf(theirs)];
  const was = base === undefined ? undefined : wordOf(base);
  if (mine === other || other === was) return ours;
  return mine === was ? theirs : undefined;
}

function mergeGroup({ base, ours, theirs }: Three<Metadata>, number: number): Reader[] {
  const entries = [base, ours, theirs].flatMap((metadata) => metadata?.groups[number] ?? []);
  const names: RecipientName[] = [];
  const idOf = (entry: KeyEntry): string => {
    const name = nameOf(entry);
    const at = names.findIndex((one) => isSameRecipient(one, name));
    return String(at < 0 ? names.push(name) - 1 : at);
  };
  for (const entry of entries) idOf(entry);
  const [o, a, b] = [base, ours, theirs].map(
    (metadata) => new Map((metadata?.groups[number] ?? []).map((entry) => [idOf(entry), entry])),
  );
  if (o === undefined || a === undefined || b === undefined) return [];
  const order = mergedOrder([...o.keys()], [...a.keys()], [...b.keys()]);
  return order.flatMap((id) => {
    const [mine, other] = [a.get(id), b.get(id)];
    const some = mine ?? other;
    const isGone = o.has(id) && (mine === undefined || other === undefined);
    return isGone || some === undefined ? [] : [{ name: nameOf(some), ours: mine, theirs: other }];
  });
}
