/** The six selectors of sops; a file has at most one. */
export type SelectorKind =
  | 'unencrypted_suffix'
  | 'encrypted_suffix'
  | 'unencrypted_regex'
  | 'encrypted_regex'
  | 'unencrypted_comment_regex'
  | 'encrypted_comment_regex';

/** Which values are encrypted: a suffix of, or a regular expression on, any key of the path, or the comments. */
export interface Selector {
  readonly kind: SelectorKind;
  readonly pattern: string;
}
