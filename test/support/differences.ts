/** A deliberate difference from sops in a case of the vectors. */
export interface Difference {
  /** Exit status here, where it is another one than that of sops. */
  readonly exit?: number;
  /** Only under the name sotto. */
  readonly isOwnNameOnly?: true;
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
  ['cmd-extract-syntax', { exit: 1, isOwnNameOnly: true, why: 'a path may have dots' }],
  ['cmd-set-syntax', { exit: 0, isOwnNameOnly: true, why: 'a path may have dots' }],
  // rules
  [
    'rule config-in-file-folder-not-cwd',
    { exit: 0, isOwnNameOnly: true, why: 'the config is looked up from the file, too' },
  ],
  ['rule config-flag', { exit: 0, why: 'flags may stand on either side of the verb' }],
  ['rule selector-encrypted_suffix', { exit: 23, why: NOTHING }],
  ['rule selector-encrypted_comment_regex', { exit: 23, why: NOTHING }],
]);

/** What a failing case of the vectors says under the name sops, where sops says something else. */
export interface OtherWords {
  /** The first line here. */
  readonly says: string;
  /** The rule in docs/differences-from-sops.md. */
  readonly why: string;
}

const UNSHOWN = 'an error shows no value and no line of a file: it may be a secret';
const WALKING = 'Error decrypting tree: Error walking tree: Could not decrypt value: ';
const UNREAD = 'Error unmarshalling file: Could not unmarshal input data: ';
const NO_TOKEN = "Input string does not match sops' data format";

/** Failing cases whose first line under the name sops is another one than that of sops. All others say what sops says. */
export const OTHER_WORDS: ReadonlyMap<string, OtherWords> = new Map<string, OtherWords>([
  ...[
    'clear-value-in-encrypted-place',
    'enc-empty-data',
    'enc-lower-case',
    'enc-no-type',
    'enc-other-cipher',
    'enc-prefix',
    'selector-changed-to-clear',
  ].map((name): [string, OtherWords] => [name, { says: `${WALKING}${NO_TOKEN}`, why: UNSHOWN }]),
  ['mac-not-enc', { says: `Cannot decrypt MAC: ${NO_TOKEN}`, why: UNSHOWN }],
  ['int-hex-plaintext', { says: `${WALKING}strconv.Atoi: parsing: invalid syntax`, why: UNSHOWN }],
  ['type-int-on-text', { says: `${WALKING}strconv.Atoi: parsing: invalid syntax`, why: UNSHOWN }],
  ['type-bool-on-text', { says: `${WALKING}strconv.ParseBool: parsing: invalid syntax`, why: UNSHOWN }],
  ['encrypt-dotenv-no-equals', { says: 'Error unmarshalling file: invalid dotenv input line', why: UNSHOWN }],
  ['encrypt-ini-bare-key', { says: `${UNREAD}key-value delimiter not found`, why: UNSHOWN }],
  ['encrypt-ini-broken', { says: `${UNREAD}unclosed section`, why: UNSHOWN }],
  [
    'encrypt-json-number-range',
    { says: 'Error unmarshalling file: not valid JSON: the number is too large', why: UNSHOWN },
  ],
  [
    'encrypt-json-scalar',
    {
      says: `${UNREAD}SOPS only supports JSON files with a top-level object (starting with '{'), not other JSON types. Got a value of type string instead`,
      why: UNSHOWN,
    },
  ],
  [
    'encrypt-undefined-alias',
    { says: 'Error unmarshalling file: yaml: unknown anchor referenced', why: UNSHOWN },
  ],
  [
    'rule identity-instead-of-recipient',
    { says: 'an age identity stands in the place of a recipient', why: 'a private key is shown by nothing' },
  ],
  ...['enc-bad-base64', 'enc-base64-unpadded'].map((name): [string, OtherWords] => [
    name,
    {
      says: `${WALKING}Error base64-decoding data: illegal base64 data`,
      why: 'no offset in a token is given',
    },
  ]),
  [
    'encrypt-invalid-utf8',
    {
      says: 'Error unmarshalling file: the file is not in UTF-8',
      why: 'all formats say so in the same words',
    },
  ],
  [
    'cmd-pgp-unknown',
    {
      says: 'Could not generate data key: [failed to encrypt new data key with master key "0000000000000000000000000000000000000000": gpg has no public key for it; get the key from its owner and import it (gpg --import FILE), or ask a key server (gpg --recv-keys 0000000000000000000000000000000000000000)]',
      why: 'gpg alone works with PGP keys, and what it says is put into words',
    },
  ],
  ['type-bytes', { says: `${WALKING}is of type bytes, which no version of sops writes`, why: CRASH }],
  [
    'type-str-to-comment-3.12.2',
    {
      says: '["name"]: a comment stands in the place of a value',
      why: 'a value that was turned into a comment is an error',
    },
  ],
]);
