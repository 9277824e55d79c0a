import {
  behindAliases,
  type CommentNode,
  commentText,
  type EntryNode,
  type MapNode,
} from '../../core/tree/tree.ts';
import { trim } from './space.ts';

/**
 * A tree with its comments where INI has them: one in front of the keys of a section, and one behind each key. Several
 * are joined, and those between sections belong to the next one; behind the last one they stay.
 */
export function arrangeIni({ items, ...root }: MapNode): MapNode {
  const sections: (EntryNode | CommentNode)[] = [];
  let waiting: CommentNode[] = [];
  for (const item of items) {
    const section = item.kind === 'entry' ? behindAliases(item.value) : item;
    if (item.kind === 'comment') waiting.push(item);
    else if (section.kind !== 'map') sections.push(item);
    else {
      const inside = joinComments([...waiting, ...section.items]);
      waiting = [];
      sections.push({ ...item, value: { ...section, items: inside } });
    }
  }
  return { ...root, items: [...sections, ...joinComments(waiting)] };
}

/** Neighbouring comments as one. */
function joinComments(items: readonly (EntryNode | CommentNode)[]): (EntryNode | CommentNode)[] {
  const joined: (EntryNode | CommentNode)[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (item.kind === 'comment' && commentText(item) === '') continue;
    if (item.kind === 'comment' && last?.kind === 'comment') joined.splice(-1, 1, join(last, item));
    else joined.push(item);
  }
  return joined;
}

function join(above: CommentNode, below: CommentNode): CommentNode {
  const text = trim(commentText(below));
  const marked = /^[;#]/.test(text) ? text : `; ${text}`;
  const { kind, place } = above;
  return { kind, text: `${commentText(above)}\n${marked}`, inline: false, place };
}

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
