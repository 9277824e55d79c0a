import type { RecipientName } from '../../keys/index.ts';

/** The first commit in which a recipient stands in a file. */
export interface Since {
  readonly commit: string;
  /** The author's, who can choose it. */
  readonly date: string;
}

/** Somebody who can read a file, or should. */
export interface Reader extends RecipientName {
  /** As the configuration calls it. */
  readonly name: string | undefined;
  /** For people: its name, or its text where nothing has a name for it. */
  readonly label: string;
}

/** Somebody who can read a file. */
export interface FileReader extends Reader {
  /** The rule names it; `undefined` where no rule says who should. */
  readonly expected: boolean | undefined;
  readonly since?: Since | undefined;
}

/** Who can read a file. */
export interface Readership {
  readonly file: string;
  /** From 1; `undefined` if none matches. */
  readonly rule: number | undefined;
  readonly readers: readonly FileReader[];
  /** The rule names them, and they can't read it. */
  readonly missing: readonly Reader[];
  /** Where there are several groups: how many of them it takes, and who is in which. */
  readonly groups: { readonly needed: number; readonly members: readonly (readonly string[])[] } | undefined;
}
