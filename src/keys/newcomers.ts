import { isSameRecipient, type RecipientName } from './index.ts';

/**
 * The order of a group that somebody joins: who is there stays in place; a newcomer comes before the first of its kind
 * that sorts after it, else before the last. At the end of the list it would touch the lines of `lastmodified` and
 * `mac`, and no merge of texts could put it together with a changed value, nor two newcomers with each other.
 *
 * @param held the recipients that the file has, in its order; where it has none, the wanted order stays
 */
export function placeNewcomers<One extends RecipientName>(
  wanted: readonly One[],
  held: readonly RecipientName[],
): One[] {
  const stay = held.flatMap((name) => wanted.find((one) => isSameRecipient(one, name)) ?? []);
  const come = wanted.filter((one) => !stay.includes(one));
  const kinds = [...new Set([...stay, ...come].map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const list = stay.filter((one) => one.kind === kind);
    const joining = come.filter((one) => one.kind === kind);
    if (list.length === 0) return joining;
    for (const one of joining) {
      const next = list.findIndex(({ id }) => id > one.id);
      list.splice(next === -1 ? list.length - 1 : next, 0, one);
    }
    return list;
  });
}
