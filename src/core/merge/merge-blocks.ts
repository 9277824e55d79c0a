import { mergeLines } from '../../text/three-way.ts';
import type { Document } from '../splice/format.ts';
import type { Path } from '../tree/tree.ts';
import { type Block, type Group, hasSameText, ownText, type Text, textFor } from './block.ts';
import { named } from './items.ts';
import { mergedOrder } from './order.ts';

/** What both sides did to a thing. */
export type ConflictKind =
  | 'both-changed'
  | 'changed-removed'
  | 'both-added'
  | 'comment'
  | 'document'
  | 'selector'
  | 'groups';

/** A place where both sides changed the same in different ways. */
export interface Conflict {
  readonly path: Path;
  /** Number of the document in the file. */
  readonly document: number;
  readonly kind: ConflictKind;
}

/** The same block in all three texts, as far as it is there. */
interface Three {
  readonly base: Block | undefined;
  readonly ours: Block;
  readonly theirs: Block;
}

/** Merges blocks, one group with all that is in it. */
export class BlockMerge {
  readonly conflicts: Conflict[] = [];
  /** How many blocks are as theirs has them, and were not touched by ours. */
  taken = 0;
  #document = 0;
  readonly #spelling: Document;

  /** @param spelling in whose style a text is written that stands in none of them */
  constructor(spelling: Document) {
    this.#spelling = spelling;
  }

  /** Merge the documents of a file. Without a base, those with the same number belong together. */
  documents(base: Group | undefined, ours: Group, theirs: Group): Group {
    if (base === undefined) return this.#group(undefined, ours, theirs, []);
    return this.#group(base, named(ours, base), named(theirs, base), []);
  }

  #group(base: Group | undefined, ours: Group, theirs: Group, path: Path): Group {
    const isList = ours.kind === 'list' && path.length > 0;
    const empty: Group = { ...ours, blocks: [] };
    const [a, b] = isList ? [named(ours, base ?? empty), named(theirs, base ?? empty)] : [ours, theirs];
    return this.#named(base, a, b, path);
  }

  /** Merge groups in which the same blocks have the same names. */
  #named(base: Group | undefined, ours: Group, theirs: Group, path: Path): Group {
    const [o, a, b] = [base?.blocks ?? [], ours.blocks, theirs.blocks].map(
      (blocks) => new Map(blocks.map((block) => [block.id, block])),
    );
    if (o === undefined || a === undefined || b === undefined) throw new Error('three groups are merged');
    const isGone = (id: string): boolean => {
      const [was, mine, other] = [o.get(id), a.get(id), b.get(id)];
      if (was === undefined) return false;
      if (mine === undefined && other === undefined) return true;
      const left = mine ?? other;
      if (left === undefined || (mine !== undefined && other !== undefined)) return false;
      return isUnchanged(was, left);
    };
    const [x, y, z] = [base ?? { ...ours, blocks: [], close: '' }, ours, theirs].map((group) =>
      without(group, isGone, (id) => o.has(id)),
    );
    if (x === undefined || y === undefined || z === undefined) throw new Error('three groups are merged');
    const [xs, ys, zs] = [x, y, z].map(({ blocks }) => new Map(blocks.map((block) => [block.id, block])));
    const idsOf = ({ blocks }: Group): string[] => blocks.map(({ id }) => id);
    const all = mergedOrder(idsOf(base ?? x), idsOf(ours), idsOf(theirs));
    const order = all.filter((id) => !isGone(id));
    for (const id of all) if (isGone(id) && a.has(id)) this.taken += 1;
    const isDocuments = path.length === 0 && ours.kind === 'list';
    const blocks = order.flatMap((id, number) => {
      if (isDocuments) this.#document = number;
      return this.#block(xs?.get(id), ys?.get(id), zs?.get(id));
    });
    const close = this.#text(base === undefined ? undefined : x.close, y.close, z.close, path);
    const frame =
      base !== undefined && ours.indent === base.indent && ours.isInline === base.isInline ? theirs : ours;
    return { ...ours, indent: frame.indent, isInline: frame.isInline, open: frame.open, blocks, close };
  }

  #block(base: Block | undefined, ours: Block | undefined, theirs: Block | undefined): Block[] {
    if (ours !== undefined && theirs !== undefined) return this.#both({ base, ours, theirs });
    const left = ours ?? theirs;
    if (left === undefined) return [];
    if (base === undefined) {
      if (ours === undefined) this.taken += 1;
      return [left];
    }
    const conflict = this.#conflict(left.path, 'changed-removed');
    return [
      { ...left, only: { side: ours === undefined ? 'theirs' : 'ours', conflict } },
      { ...base, only: { side: 'base', conflict } },
    ];
  }

  #both({ base, ours, theirs }: Three): Block[] {
    const before = this.#text(base?.before, ours.before, theirs.before, ours.path);
    const isOurs = hasSameText(ours, theirs) || (base !== undefined && hasSameText(base, theirs));
    if (isOurs) return before === ours.before ? [ours] : [{ ...ours, before }];
    if (base !== undefined && hasSameText(base, ours)) {
      this.taken += 1;
      return [{ ...theirs, before }];
    }
    const body = this.#body({ base, ours, theirs });
    if (body === undefined) {
      const conflict = this.#conflict(ours.path, base === undefined ? 'both-added' : 'both-changed');
      return [
        { ...ours, before, only: { side: 'ours', conflict } },
        { ...theirs, before, only: { side: 'theirs', conflict } },
        ...(base === undefined ? [] : [{ ...base, before, only: { side: 'base', conflict } as const }]),
      ];
    }
    const tail = this.#tail(base?.tail, ours.tail, theirs.tail, ours.path);
    const trail = this.#tail(base?.trail, ours.trail, theirs.trail, ours.path);
    return [{ ...body, before, tail, trail }];
  }

  /** Head and body of a block that both sides have changed; `undefined` if they conflict. */
  #body({ base, ours, theirs }: Three): Block | undefined {
    const head = pick(base?.head, ours.head, theirs.head);
    if (areAlike(ours.body, theirs.body)) {
      const was = base !== undefined && areAlike(base.body, ours.body) ? base.body : undefined;
      if (typeof was !== 'string' && isGroup(ours.body) && isGroup(theirs.body))
        return { ...ours, head, body: this.#group(was, ours.body, theirs.body, ours.path) };
    }
    if (ours.canon === theirs.canon) return ours;
    if (base?.canon === theirs.canon) return ours;
    if (base?.canon === ours.canon) {
      this.taken += 1;
      return theirs;
    }
    return mergedScalar(base, ours, theirs, this.#spelling);
  }

  /** Comments and blanks, merged by lines. */
  #text(base: Text | undefined, ours: Text, theirs: Text, path: Path): Text {
    const [was, mine, other] = [textFor(base ?? '', 'ours'), textFor(ours, 'ours'), textFor(theirs, 'ours')];
    if (mine === other || (base !== undefined && other === was)) return mine;
    if (base !== undefined && mine === was) return other;
    const merged = mergeLines(was, mine, other);
    if (merged.isClean) return merged.ours;
    if (saysNothing(mine) && saysNothing(other)) return mine;
    const conflict = this.#conflict(path, 'comment');
    return { ours: merged.ours, theirs: merged.theirs, base: was, conflict };
  }

  /** What stands behind a value on its line. */
  #tail(base: Text | undefined, ours: Text, theirs: Text, path: Path): Text {
    const [was, mine, other] = [base ?? '', ours, theirs].map((text) => textFor(text, 'ours'));
    if (was === undefined || mine === undefined || other === undefined) return ours;
    const isKept = mine.trim() === other.trim() || other.trim() === was.trim();
    if (isKept) return mine;
    if (mine.trim() === was.trim()) return other;
    const conflict = this.#conflict(path, 'comment');
    return { ours: mine, theirs: other, base: was, conflict };
  }

  /** @returns its number */
  #conflict(path: Path, kind: ConflictKind): number {
    return this.conflicts.push({ path, document: this.#document, kind }) - 1;
  }
}

/** Whether what is left of a block on one side is what the other side took away. */
function isUnchanged(was: Block, left: Block): boolean {
  const bare = (block: Block): string => ownText(block).replace(/\s+/g, '');
  return was.canon === left.canon && bare(was) === bare(left);
}

/** A group without some blocks. What stands in front of one goes to the next that is left of those that the base has. */
function without(group: Group, isGone: (id: string) => boolean, isInBase: (id: string) => boolean): Group {
  const blocks: Block[] = [];
  let before = '';
  for (const block of group.blocks) {
    if (isGone(block.id)) {
      const front = textFor(block.before, 'ours');
      before += group.style === 'lines' ? front : front.trimEnd();
    } else if (before === '' || !isInBase(block.id)) {
      blocks.push(block);
    } else {
      blocks.push({ ...block, before: before + textFor(block.before, 'ours') });
      before = '';
    }
  }
  return { ...group, blocks, close: before + textFor(group.close, 'ours') };
}

function isGroup(body: Block['body']): body is Group {
  return typeof body !== 'string';
}

/** Whether two groups are merged block by block. */
function areAlike(one: Block['body'], other: Block['body']): boolean {
  return isGroup(one) && isGroup(other) && one.kind === other.kind && one.style === other.style;
}

/** What is left of three where at most one side made a change; ours if both did. */
function pick(base: string | undefined, ours: string, theirs: string): string {
  return ours === base ? theirs : ours;
}

function saysNothing(text: string): boolean {
  return text.trim() === '';
}

/** Texts of several lines, of which each side changed others. A key or certificate is none: its lines make no sense alone. */
function mergedScalar(
  base: Block | undefined,
  ours: Block,
  theirs: Block,
  document: Document,
): Block | undefined {
  const [was, mine, other] = [base, ours, theirs].map((block) => block?.scalar?.value);
  if (was?.type !== 'str' || mine?.type !== 'str' || other?.type !== 'str') return undefined;
  const texts = [was.text, mine.text, other.text];
  if (texts.some((text) => /-----BEGIN /.test(text)) || !texts.every((text) => /\n[^\n]/.test(text)))
    return undefined;
  const merged = mergeLines(was.text, mine.text, other.text);
  const { scalar, body } = ours;
  if (!merged.isClean || scalar === undefined || typeof body !== 'string') return undefined;
  const value = { type: 'str', text: merged.ours } as const;
  const node = { kind: 'value', value, place: scalar.place } as const;
  const inText =
    typeof base?.body === 'string' && typeof theirs.body === 'string' && /\n[^\n]/.test(body)
      ? mergeLines(base.body, body, theirs.body)
      : undefined;
  if (inText?.isClean === true) return { ...ours, body: inText.ours, canon: -1, scalar: node };
  const spelled = document.format.spell(node.place, node, document);
  const [text] = spelled;
  return spelled.length === 1 && text !== undefined
    ? { ...ours, body: text, canon: -1, scalar: node }
    : undefined;
}
