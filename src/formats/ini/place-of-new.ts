import type { MapNode } from '../../core/tree/tree.ts';
import type { Section, Setting } from './scan.ts';

/**
 * The setting behind which a new one goes: the last, unless a comment at it selects for sops what stands below it. A
 * person takes that comment for the setting's own, so the new one goes further up then.
 *
 * @param tree the section, read
 * @param selects whether a comment selects what it speaks for
 * @returns nothing for a place directly below the header
 */
export function settingAbove(
  { settings }: Section,
  tree: MapNode | undefined,
  selects: (comment: string) => boolean,
): Setting | undefined {
  const last = settings.at(-1);
  const [first] = tree?.items ?? [];
  // What selects the section is for new keys, too.
  if (tree === undefined || (first?.kind === 'comment' && selects(first.text))) return last;
  const selecting = selectingKeys(tree, selects);
  if (selecting.size === 0) return last;
  let found: Setting | undefined;
  let isFree = true;
  const seen = new Set<string>();
  for (const setting of settings) {
    // Of a key that repeats the first setting gives the place.
    if (!seen.has(setting.name)) isFree = !selecting.has(setting.name);
    seen.add(setting.name);
    if (isFree) found = setting;
  }
  return found;
}

/** The keys at which a comment stands that selects the key below, for sops. */
function selectingKeys({ items }: MapNode, selects: (comment: string) => boolean): ReadonlySet<string> {
  const keys = items.flatMap((item, index): string[] => {
    const next = items[index + 1];
    return item.kind === 'entry' && next?.kind === 'comment' && selects(next.text) ? [item.key] : [];
  });
  return new Set(keys);
}
