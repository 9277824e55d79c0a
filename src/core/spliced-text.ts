import type { Edits } from './edit.ts';
import type { Edit } from './format.ts';

/** What goes in for the metadata of each document; the last edit of each is the metadata itself. */
export type Insertions = readonly (readonly Edit[])[];

/** Where the metadata of a document goes in. */
interface Slot {
  readonly document: number;
  readonly start: number;
  /** Behind the line breaks that stay there when the metadata goes. */
  readonly end: number;
}

/** An encrypted text that has all its tokens, and can get one metadata after the other. */
export class SplicedText {
  /** The text without the metadata. */
  readonly body: string;
  /** In the order of the text. */
  readonly #slots: readonly Slot[];

  /**
   * @param text of the source
   * @param edits that put tokens in; they are used up
   * @param insertions of any metadata: all go in at the same places
   */
  constructor(text: string, edits: Edits, insertions: Insertions) {
    /** The document of each edit that is metadata, and the line breaks of that. */
    const metadata = new Map<number, { readonly document: number; readonly breaks: string }>();
    for (const [document, insertion] of insertions.entries()) {
      for (const [index, { start, end, text: put }] of insertion.entries()) {
        const isMetadata = index === insertion.length - 1;
        const breaks = breaksOf(put);
        if (isMetadata) metadata.set(edits.length, { document, breaks });
        edits.add(start, end, isMetadata ? breaks : put);
      }
    }
    const slots: Slot[] = [];
    this.body = edits.apply(text, (edit, start) => {
      const slot = metadata.get(edit);
      if (slot !== undefined) slots.push({ document: slot.document, start, end: start + slot.breaks.length });
    });
    this.#slots = slots;
  }

  /** The text with metadata. */
  with(insertions: Insertions): string {
    const parts: string[] = [];
    let at = 0;
    for (const { document, start, end } of this.#slots) {
      parts.push(this.body.slice(at, start), insertions[document]?.at(-1)?.text ?? '');
      at = end;
    }
    parts.push(this.body.slice(at));
    return parts.join('');
  }

  /** Where the metadata of each document begins in the text that has it. */
  starts(insertions: Insertions): (number | undefined)[] {
    const starts: (number | undefined)[] = insertions.map(() => undefined);
    let shift = 0;
    for (const { document, start, end } of this.#slots) {
      starts[document] = start + shift;
      shift += (insertions[document]?.at(-1)?.text.length ?? 0) - (end - start);
    }
    return starts;
  }
}

/** The line breaks in front of metadata as it is put in; they stay when it goes. */
export function breaksOf(metadata: string): string {
  return /^\n*/.exec(metadata)?.[0] ?? '';
}
