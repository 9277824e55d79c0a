import { SottoError } from '../../errors.ts';

/**
 * The six selectors of sops; a file has at most one.
 *
 * @example
 * const kind: SelectorKind = 'encrypted_suffix';
 * const selector = { kind, pattern: '_secret' };
 * const { text } = await encrypt('a: 1\nb_secret: 2\n', { format: 'yaml', recipients: [recipient], selector });
 * text.startsWith('a: 1\nb_secret: ENC['); // true
 */
export type SelectorKind =
  | 'unencrypted_suffix'
  | 'encrypted_suffix'
  | 'unencrypted_regex'
  | 'encrypted_regex'
  | 'unencrypted_comment_regex'
  | 'encrypted_comment_regex';

export const SELECTOR_KINDS: readonly SelectorKind[] = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
];

/**
 * Which values are encrypted: a suffix of, or a regular expression on, any key of the path, or the comments.
 *
 * @example
 * const selector: Selector = { kind: 'unencrypted_regex', pattern: '^(kind|metadata)$' };
 * const { text } = await encrypt('kind: Secret\ndata: x\n', { format: 'yaml', recipients: [recipient], selector });
 * text.startsWith('kind: Secret\ndata: ENC['); // true
 */
export interface Selector {
  readonly kind: SelectorKind;
  readonly pattern: string;
}

/** sops's selector where none is given (sops `sops.go`, DefaultUnencryptedSuffix). */
export const DEFAULT_SELECTOR: Selector = { kind: 'unencrypted_suffix', pattern: '_unencrypted' };

/** Where no selector is named, and there is no default either: an empty suffix is none, so every value is encrypted. */
export const NO_SELECTOR: Selector = { kind: 'unencrypted_suffix', pattern: '' };

/** Whether a key on the way to an item matched. */
export type PolicyState = boolean;

/** A selector, ready to be asked. */
export interface Policy {
  /** The state at the top of a document. */
  readonly initial: PolicyState;
  /** The state below a key. */
  enter(state: PolicyState, key: string): PolicyState;
  /**
   * @param comments the comments since the item before, at each level from the top
   * @param isComment the item is itself the last of these comments
   */
  isEncrypted(state: PolicyState, comments: readonly (readonly string[])[], isComment: boolean): boolean;
}

/** Selects nothing. */
export const ENCRYPT_NOTHING: Policy = { initial: false, enter: () => false, isEncrypted: () => false };

const ENCRYPT_EVERYTHING: Policy = { initial: false, enter: () => false, isEncrypted: () => true };

/**
 * Make a policy of a selector (sops `sops.go`, shouldBeEncrypted).
 *
 * @throws SottoError `policy-invalid` for an expression that RE2 does not know; sops then encrypts nothing, silently
 */
export async function compilePolicy(selector: Selector): Promise<Policy> {
  const { kind, pattern } = selector;
  if (kind === NO_SELECTOR.kind && pattern === NO_SELECTOR.pattern) return ENCRYPT_EVERYTHING;
  const encryptedIfMatched = kind.startsWith('encrypted');
  if (kind === 'unencrypted_comment_regex') return unencryptedComments(await compile(selector));
  if (kind === 'encrypted_comment_regex') return encryptedComments(await compile(selector));
  const matches = kind.endsWith('suffix')
    ? (key: string) => key.endsWith(pattern)
    : remembered(await compile(selector));
  return {
    initial: false,
    enter: (state, key) => state || matches(key),
    isEncrypted: (state) => state === encryptedIfMatched,
  };
}

/** Whether a comment selects what it speaks for, or takes it out of the selection. */
export function commentSelects({ initial, isEncrypted }: Policy, comment: string): boolean {
  return isEncrypted(initial, [[comment]], false) !== isEncrypted(initial, [], false);
}

type Matcher = (text: string) => boolean;

async function compile({ kind, pattern }: Selector): Promise<Matcher> {
  const { RE2JS } = await import('re2js');
  try {
    const expression = RE2JS.compile(pattern);
    return (text) => expression.matcher(text).find();
  } catch (cause) {
    throw new SottoError('policy-invalid', `${kind} is no expression that RE2 understands: ${pattern}`, {
      hint: 'RE2 has no look-around and no back references; see https://github.com/google/re2/wiki/Syntax',
      cause,
    });
  }
}

function remembered(matches: Matcher): Matcher {
  const known = new Map<string, boolean>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = matches(text);
    known.set(text, answer);
    return answer;
  };
}

function unencryptedComments(matches: Matcher): Policy {
  return {
    initial: false,
    enter: () => false,
    isEncrypted: (_, comments) => !comments.some((level) => level.some(matches)),
  };
}

/** The comment that matches stays readable itself, so the last of the innermost level does not count for itself. */
function encryptedComments(matches: Matcher): Policy {
  return {
    initial: false,
    enter: () => false,
    isEncrypted: (_, comments, isComment) =>
      comments.some((level, depth) => {
        const own = isComment && depth === comments.length - 1 ? level.length - 1 : level.length;
        return level.slice(0, own).some(matches);
      }),
  };
}
