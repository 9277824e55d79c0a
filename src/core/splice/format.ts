import type { Conventions } from '../sops/conventions.ts';
import type { MetadataMap } from '../sops/metadata.ts';
import type { MapNode, Path, Place, Span, TreeNode, UnseenComment } from '../tree/tree.ts';
import type { Value } from '../tree/value.ts';
import type { Warning } from './warning.ts';

/** A source text and the tree that sops sees in it; one root mapping for each document of the file. */
export interface Document {
  readonly format: Format;
  readonly text: string;
  readonly roots: readonly MapNode[];
  /** What sops's reader drops, in the order of the text; one list for each root. It must not stay readable either. */
  readonly unseen?: readonly (readonly UnseenComment[])[];
  /**
   * The text in front of each leaf that belongs to no leaf, where a format notes what of it can't stand in the encrypted
   * file; one list for each root, and as many in the encrypted text as in the plain one.
   */
  readonly gaps?: readonly (readonly Gap[])[];
  /**
   * The text of each document, marks of its start and end included: together they are the whole text. Left out in
   * formats that have one document.
   */
  readonly bodies?: readonly Span[];
  /** What sops's reader takes otherwise than a person would expect; said when the text is encrypted. */
  readonly warnings?: readonly Warning[];
  /** Offset of the first thing in the text that is neither a value, a key nor a comment, and that sops drops when it prints. */
  readonly markup?: number;
  /** The names of values that have an anchor, in YAML. */
  readonly anchors?: ReadonlyMap<TreeNode, string>;
}

/** Text between leaves: line breaks, blanks, and what else says nothing. */
export interface Gap extends Span {
  /** What stands in its place in the encrypted file. */
  readonly sealed: string;
}

/** Replace `start`–`end` of a text by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change of structure: give the node at a path a new value (making it and its parents), or take it out. */
export type Change =
  | {
      readonly op: 'set';
      /** Number of the document in the file, from 0. */
      readonly document: number;
      readonly path: Path;
      /** The new value; its places are not looked at. */
      readonly node: TreeNode;
      /** The node is the file's metadata: it goes where sops has it, printed as sops does. */
      readonly metadata?: boolean;
      /** Indentation of printed metadata, as in {@link PrintOptions}; not the document's own. */
      readonly indent?: number;
      /**
       * Whether a comment selects what it speaks for. Where sops has comments at other places than a person, a new key
       * goes where none does that a person takes for another key's; at the usual place unless given.
       */
      readonly selects?: (comment: string) => boolean;
    }
  | { readonly op: 'remove'; readonly document: number; readonly path: Path };

/** Settings of a printer. */
export interface PrintOptions {
  /** `stores.*.indent` of sops: YAML 4 unless given (0 is 4), JSON -1 (a tab) unless given, 0 line breaks only. */
  readonly indent?: number;
}

/** The dialect of a text, and what in it shows that, as people call it. */
export interface Written {
  readonly format: Format;
  readonly signs: readonly string[];
}

/** A file format: four functions and no others. */
export interface Format {
  /** As `--input-type` has it. */
  readonly name: string;
  /**
   * How the encrypted file of this dialect is read and spelled, where sops reads it otherwise than the plain one: both
   * show the same tree, with as many pieces to each place. It writes values in clear, too, so that sops reads them right.
   */
  readonly sealed?: Format;
  /** What the metadata of an encrypted file says in `sops.sotto`, so that its plain text is read in this dialect. */
  readonly sottoFields?: MetadataMap;
  /**
   * The dialect that these fields of `sops.sotto`, or settings, call for; without any, the plain one. `undefined` for one
   * that is not known.
   */
  dialect?(fields: MetadataMap): Format | undefined;
  /**
   * The dialect that a plain text is written in, where it is not this one.
   *
   * @throws SottoError `input-invalid` for what that does not read
   */
  asWritten?(text: string): Written | undefined;
  /** A carriage return is part of a value, or no text is read: CR LF stands for nothing else. */
  readonly hasExactBreaks?: boolean;
  /** A text may start with a byte order mark; {@link read} gets it without. */
  readonly hasByteOrderMark: boolean;
  /** Where its files follow another tool than sops; see {@link conventionsOf}. */
  readonly conventions?: Conventions;
  /** @throws SottoError `input-invalid` with line and column when sops would not read it, or read it otherwise */
  read(text: string): Document;
  /**
   * Where an encrypted text first says something that some program could read otherwise than what sops prints for it:
   * an offset in front of which all is plain, `undefined` if all of it is. The metadata is not looked at. Left out in a
   * format whose texts are what sops prints.
   */
  firstOdd?(document: Document): number | undefined;
  /**
   * How `node` is written in `place` when nothing else is known: one text for each piece of the place.
   * A collection is written on one line. A `str` that is an ENC token is a value like others.
   */
  spell(place: Place, node: TreeNode, document: Document): readonly string[];
  /** How a comment is written in `place`, as {@link spell}; see {@link commentTexts} for where it is left out. */
  spellComment?(place: Place, text: string, document: Document): readonly string[];
  /**
   * What is read back where a value was written, in a format that can't say every value: strings only, or not all of
   * them. Left out, it is the value itself.
   */
  roundTrip?(value: Value): Value;
  /**
   * The edits that make a change of structure, in the document's own style. Law: reading the result gives the
   * changed tree; bytes outside the edits are the same. Edits are sorted and do not overlap.
   * @throws SottoError `path-missing` if the path to remove does not exist
   */
  change(document: Document, change: Change): readonly Edit[];
  /**
   * Another text for each document, `undefined` where its own will do: one that says the same, and that can have the
   * metadata where other programs look for it. The source comes back by a note.
   */
  carry?(document: Document): readonly (string | undefined)[];
  /**
   * The tree of a document from another format, with its comments where this one can have them; they are encrypted for
   * those places. Left out where comments stand as they do in YAML, or nowhere.
   */
  arrange?(root: MapNode): MapNode;
  /** A tree with each comment in front of what a person takes it to speak for. Left out where sops has it there. */
  asSeen?(root: MapNode): MapNode;
  /**
   * Print documents (or single values) from their trees alone, as sops prints them.
   *
   * @throws SottoError `output-unsupported` naming the first path that the format can't hold
   */
  print(nodes: readonly TreeNode[], options?: PrintOptions): string;
  /** For files that are no texts; the four functions are then those of their encrypted form. */
  readonly binary?: BinaryFile;
}

/** Files that are encrypted as one value. */
export interface BinaryFile {
  /** The tree of a plain file. */
  read(bytes: Uint8Array): MapNode;
  /** As {@link read}; the value has these very bytes, whether they are a text or not. */
  readExact(bytes: Uint8Array): MapNode;
  /** The plain file of a tree. @throws SottoError `output-unsupported` when there is no such value in it */
  print(root: MapNode): Uint8Array;
}

/** The format of the encrypted text of a file in this one. */
export function sealedFormat(format: Format): Format {
  return format.sealed ?? format;
}
