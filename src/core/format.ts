import type { Conventions } from './conventions.ts';
import type { CommentNode, MapNode, Path, Place, TreeNode } from './tree.ts';

/** A source text and the tree that sops sees in it; one root mapping for each document of the file. */
export interface Document {
  readonly format: Format;
  readonly text: string;
  readonly roots: readonly MapNode[];
  /** Comments in the text that sops's reader drops; one list for each root. They must not stay readable either. */
  readonly strays?: readonly (readonly CommentNode[])[];
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
    }
  | { readonly op: 'remove'; readonly document: number; readonly path: Path };

/** Settings of a printer. */
export interface PrintOptions {
  /** `stores.*.indent` of sops: YAML 4 unless given (0 is 4), JSON -1 (a tab) unless given, 0 line breaks only. */
  readonly indent?: number;
}

/** The formats' names, as `--input-type` has them. */
export type FormatName = 'yaml' | 'json' | 'dotenv' | 'ini' | 'toml';

/** A file format: four functions and no others. */
export interface Format {
  readonly name: FormatName;
  /** A text may start with a byte order mark; {@link read} gets it without. */
  readonly hasByteOrderMark: boolean;
  /** Where its files follow another tool than sops; see {@link conventionsOf}. */
  readonly conventions?: Conventions;
  /** @throws SottoError `input-invalid` with line and column when sops would not read it, or read it otherwise */
  read(text: string): Document;
  /**
   * How `node` is written in `place` when nothing else is known: one text for each piece of the place.
   * A collection is written on one line. A `str` that is an ENC token is a value like others.
   */
  spell(place: Place, node: TreeNode, document: Document): readonly string[];
  /**
   * The edits that make a change of structure, in the document's own style. Law: reading the result gives the
   * changed tree; bytes outside the edits are the same. Edits are sorted and do not overlap.
   * @throws SottoError `path-missing` if the path to remove does not exist
   */
  change(document: Document, change: Change): readonly Edit[];
  /**
   * Print documents (or single values) from their trees alone, as sops prints them.
   *
   * @throws SottoError `output-unsupported` naming the first path that the format can't hold
   */
  print(nodes: readonly TreeNode[], options?: PrintOptions): string;
}
