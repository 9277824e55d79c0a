/**
 * Something that is, or is about to be, wrong, though the work could be done. Goes to stderr.
 *
 * @example
 * const show = ({ message, hint }: Warning): string => (hint === undefined ? message : `${message} (${hint})`);
 * (await decrypt(encrypted, keys)).warnings.map(show); // []
 */
export interface Warning {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly file?: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** sops says nothing of it; nor does the program under that name. */
  readonly notInSops?: true;
}
