import { behindAliases } from '../../core/tree/alias.ts';
import type { CommentNode, EntryNode, MapNode } from '../../core/tree/tree.ts';

/** A tree with each comment in front of the section or key at which it stands; sops has it behind the key, or inside the section. */
export function iniAsSeen({ items, ...root }: MapNode): MapNode {
  return {
    ...root,
    items: items.flatMap((item) => (item.kind === 'comment' ? [item] : sectionAsSeen(item))),
  };
}

function sectionAsSeen(entry: EntryNode): (EntryNode | CommentNode)[] {
  const section = behindAliases(entry.value);
  if (section.kind !== 'map') return [entry];
  const [first] = section.items;
  const own = first?.kind === 'comment' ? [first] : [];
  const items: (EntryNode | CommentNode)[] = [];
  for (const item of section.items.slice(own.length)) {
    if (item.kind === 'entry') items.push(item);
    else items.splice(-1, 0, item);
  }
  return [...own, { ...entry, value: { ...section, items } }];
}
