import type { Edits } from './edit.ts';
import type { Edit } from './format.ts';

/** What goes in for the metadata of each document; the last edit of each is the metadata itself. */
export type Insertions = readonly (readonly Edit[])[];

/** Where the metadata of a document stands. */
interface Slot {
  readonly document: number;
  readonly start: number;
  readonly end: number;
  /** The line breaks that stay there when the metadata goes. */
  readonly breaks: string;
}

/** An encrypted text that has all its tokens, and one metadata or another. It is held once, as it is with that. */
export class SplicedText {
  readonly text: string;
  /** In the order of the text. */
  readonly #slots: readonly Slot[];

  private constructor(text: string, slots: readonly Slot[]) {
    this.text = text;
    this.#slots = slots;
  }

  /**
   * @param text of the source
   * @param edits that put tokens in; they are used up
   * @param insertions of the metadata; that of any other goes in at the same places
   * @param gaps documents that get a blank line in front of it
   */
  static splice(text: string, edits: Edits, insertions: Insertions, gaps: ReadonlySet<number>): SplicedText {
    /** The document of each edit that is metadata, and that. */
    const metadata = new Map<number, { readonly document: number; readonly edit: Edit }>();
    for (const [document, insertion] of insertions.entries()) {
      for (const [index, edit] of insertion.entries()) {
        if (index === insertion.length - 1) metadata.set(edits.length, { document, edit });
        edits.add(edit.start, edit.end, edit.text);
      }
    }
    const slots: Slot[] = [];
    const whole = edits.apply(text, (number, start) => {
      const slot = metadata.get(number);
      if (slot === undefined) return;
      const { document, edit } = slot;
      const breaks = keptBreaks(text, edit, gaps.has(document));
      slots.push({ document, start, end: start + edit.text.length, breaks });
    });
    edits.clear();
    return new SplicedText(whole, slots);
  }

  /** The text without the metadata. */
  get body(): string {
    return this.#replaced(({ breaks }) => breaks).text;
  }

  /** The text with other metadata. */
  with(insertions: Insertions): SplicedText {
    return this.#replaced(({ document }) => insertions[document]?.at(-1)?.text ?? '');
  }

  #replaced(textOf: (slot: Slot) => string): SplicedText {
    const parts: string[] = [];
    const slots: Slot[] = [];
    let at = 0;
    let length = 0;
    for (const slot of this.#slots) {
      const put = textOf(slot);
      parts.push(this.text.slice(at, slot.start), put);
      const start = length + slot.start - at;
      length = start + put.length;
      slots.push({ ...slot, start, end: length });
      at = slot.end;
    }
    parts.push(this.text.slice(at));
    return new SplicedText(parts.join(''), slots);
  }

  /** Where the metadata begins, by the number of its document. */
  starts(): ReadonlyMap<number, number> {
    return new Map(this.#slots.map(({ document, start }) => [document, start]));
  }
}

/**
 * The line breaks in front of metadata that stay when it goes, as far as can be told: one ends the last line of the
 * source, and one is the blank line that keeps comments apart.
 *
 * @param text of the source
 * @param metadata the edit that puts it in
 */
export function keptBreaks(text: string, { start, text: put }: Edit, hasGap: boolean): string {
  const isOpen = start > 0 && text.charAt(start - 1) !== '\n';
  const most = (isOpen ? 1 : 0) + (hasGap ? 1 : 0);
  return /^\n*/.exec(put)?.[0].slice(0, most) ?? '';
}
