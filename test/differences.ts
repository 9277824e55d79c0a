/** A deliberate difference from sops in a case of the vectors. */
export interface Difference {
  /** Exit status here, where it is another one than that of sops. */
  readonly exit?: number;
  /** The text that comes back is another one than sops prints. */
  readonly text?: true;
  /** The rule in docs/differences-from-sops.md. */
  readonly why: string;
}

const OWN_SPELLING = 'values keep the spelling and the quotes that they have in the file';
const OWN_LAYOUT = 'the file keeps its own line ends, blanks and line breaks';
const COMMENT_STAYS = 'a comment beside a value stays beside it';
const CRASH = 'sops crashes';
const NOTHING = 'a selector that leaves every value in clear is an error';
const READS_BACK = 'a value is printed so that sops reads it back';

/** Cases of the vectors in which sotto does something else than sops, and why. */
export const DIFFERENT: ReadonlyMap<string, Difference> = new Map<string, Difference>([
  // files
  ['yaml-comment-line', { text: true, why: COMMENT_STAYS }],
  ['yaml-comment-line-unencrypted', { text: true, why: COMMENT_STAYS }],
  ['ini-special', { text: true, why: READS_BACK }],
  ['sel-regex-invalid', { exit: 1, why: 'an unusable regex is an error' }],
  ['sel-unencrypted-regex-invalid', { exit: 1, why: 'an unusable regex is an error' }],
  ['json-trailing-garbage', { exit: 2, why: 'text after the JSON object is an error' }],
  // ops
  ['set-array', { exit: 0, why: 'arrays are allowed in set' }],
  // reject
  ['iv-12-bytes-set', { exit: 0, why: CRASH }],
  ['type-bytes', { exit: 25, why: CRASH }],
  ['lastmodified-unquoted', { exit: 0, why: 'lastmodified may stand without quotes, as in sops 3.12' }],
  ['yaml-list-comment-3.13.2', { exit: 0, why: 'comments in lists open, as in sops 3.12 and 3.13.3' }],
  // lenient
  ['read-crlf', { text: true, why: OWN_LAYOUT }],
  ['read-json-minified', { text: true, why: OWN_LAYOUT }],
  ['read-ini-metadata-first', { text: true, why: OWN_LAYOUT }],
  ['read-enc-trailing-space', { text: true, why: OWN_SPELLING }],
  // accept-but-weak
  ['clear-float-respelled', { text: true, why: OWN_SPELLING }],
  ['enc-trailing-garbage', { text: true, why: OWN_SPELLING }],
  ['ini-empty-inserted', { text: true, why: OWN_LAYOUT }],
  ['key-colon-flatten', { text: true, why: OWN_SPELLING }],
  ['encrypt-json-comment', { exit: 2, why: 'text after the JSON object is an error' }],
  ['encrypt-json-truncated', { exit: 2, why: 'truncated JSON is an error' }],
  ['encrypt-json-truncated-colon', { exit: 2, why: 'truncated JSON is an error' }],
  ['json-trailing-data', { exit: 1, why: 'text after the JSON object is an error' }],
  ['type-str-to-comment', { exit: 51, why: 'a value that was turned into a comment is an error' }],
  // rules
  ['rule config-in-file-folder-not-cwd', { exit: 0, why: 'the config is looked up from the file, too' }],
  ['rule config-flag', { exit: 0, why: 'flags may stand on either side of the verb' }],
  ['rule selector-encrypted_suffix', { exit: 23, why: NOTHING }],
  ['rule selector-encrypted_comment_regex', { exit: 23, why: NOTHING }],
]);
