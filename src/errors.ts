/**
 * The closed list of error codes with the exit status of each. The numbers are sops's own wherever sops has
 * one for the case (sops `cmd/sops/codes`), so that scripts written for sops go on working.
 */
export const EXIT_STATUS = {
  internal: 1,
  usage: 1,
  'metadata-missing': 1,
  'metadata-invalid': 1,
  'config-missing': 1,
  'config-invalid': 1,
  'config-untrusted': 1,
  'no-matching-rule': 1,
  'rule-differs': 1,
  'no-recipients': 1,
  'threshold-invalid': 1,
  'group-missing': 1,
  'recipient-invalid': 1,
  'identity-invalid': 1,
  'keychain-failed': 1,
  'wrap-failed': 1,
  'path-missing': 1,
  'policy-invalid': 1,
  'person-unknown': 1,
  'person-invalid': 1,
  'request-invalid': 1,
  'renewal-invalid': 1,
  'renewal-pending': 1,
  'renewal-stuck': 1,
  'hook-refused': 1,
  'hook-failed': 1,
  canceled: 1,
  'conflicts-left': 1,
  'environment-invalid': 1,
  'command-failed': 1,
  'no-destination': 1,
  'vault-invalid': 1,
  'publish-failed': 1,
  'user-invalid': 1,
  'address-invalid': 1,
  'address-unsafe': 1,
  'audit-failed': 1,
  'listen-failed': 1,
  'dependency-missing': 1,
  'git-missing': 2,
  'git-failed': 2,
  'not-a-repository': 2,
  'input-unreadable': 2,
  'input-invalid': 2,
  'not-supported': 2,
  'output-unwritable': 3,
  'output-unsupported': 4,
  'context-invalid': 6,
  'set-invalid': 7,
  'options-conflict': 8,
  'encrypt-failed': 23,
  'nothing-encrypted': 23,
  'value-exposed': 23,
  'value-undecryptable': 25,
  'mac-mismatch': 51,
  'markup-unvouched': 51,
  'path-invalid': 91,
  'path-ambiguous': 91,
  'no-document': 92,
  'no-file': 100,
  'file-missing': 100,
  'keys-for-missing-file': 49,
  'order-duplicate': 112,
  'command-missing': 127,
  'no-key-fits': 128,
  'kms-denied': 128,
  'kms-key-disabled': 128,
  'kms-key-deleted': 128,
  'kms-key-missing': 128,
  'kms-key-wrong': 128,
  'kms-credentials-missing': 128,
  'kms-credentials-expired': 128,
  'kms-credentials-invalid': 128,
  'kms-clock-skew': 128,
  'kms-throttled': 128,
  'kms-unreachable': 128,
  'kms-tls': 128,
  'kms-timeout': 128,
  'kms-answer-invalid': 128,
  'kms-failed': 128,
  'kms-untrusted': 128,
  'file-unchanged': 200,
  'editor-failed': 201,
  'already-encrypted': 203,
} as const;

/**
 * A stable, documented name of one kind of failure.
 *
 * @example
 * const expected: ErrorCode = 'no-key-fits';
 * const error: unknown = await decrypt(encrypted, { format: 'yaml', identities: otherIdentity }).catch((it) => it);
 * error instanceof SottoError && error.code === expected; // true
 */
export type ErrorCode = keyof typeof EXIT_STATUS;

/**
 * What an error can say besides its message.
 *
 * @example
 * const error: unknown = await encrypt('a: [', { format: 'yaml', recipients: [recipient] }).catch((it) => it);
 * const details: ErrorDetails = error instanceof SottoError ? error.details : {};
 * details.line; // 1
 */
export interface ErrorDetails {
  /** What the user can do about it, one sentence or a command. */
  readonly hint?: string | undefined;
  /** What could not be done with the file, as in `you can't open`: it and the file's name stand in front of the message. */
  readonly undone?: string;
  /** What else there is to know, below the message. */
  readonly lines?: readonly string[];
  /** The same as data, for programs. */
  readonly facts?: { readonly [name: string]: unknown };
  /** The file that the error is about, as the user named it. */
  readonly file?: string | undefined;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** Column in the line, from 1, in Unicode code points. */
  readonly column?: number;
  /** Exit status where sops gives another one in this situation than {@link EXIT_STATUS} says. */
  readonly exit?: number;
  /** The code of the wider kind of failure that this one is of: `no-key-fits` for what a key service says. */
  readonly within?: ErrorCode | undefined;
  /** What sops says in this situation, where that is not the message; for those who call the program `sops`. */
  readonly inSops?: string | undefined;
  /** What sops says in its log in front of that, a line each. */
  readonly logged?: readonly string[];
  /** That has paragraphs: line breaks of its own, and nothing that a stranger has written. */
  readonly hasParagraphs?: true | undefined;
  readonly cause?: unknown;
}

/**
 * The one error class. A message is a lower-case phrase that says what failed; it never holds a plaintext, a
 * key or a passphrase. Rendered once, at the edge (`cli`), as text or JSON.
 *
 * @example
 * try {
 *   await decrypt(encrypted, { format: 'yaml', identities: otherIdentity });
 * } catch (error) {
 *   if (!(error instanceof SottoError && error.code === 'no-key-fits')) throw error;
 * }
 */
export class SottoError extends Error {
  override readonly name = 'SottoError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** The process's exit status for this error. */
  get exit(): number {
    return this.details.exit ?? EXIT_STATUS[this.code];
  }

  /** Whether it is such a failure, or a special case of one. */
  is(code: ErrorCode): boolean {
    return this.code === code || this.details.within === code;
  }

  /** What sops says. */
  get inSops(): string {
    return this.details.inSops ?? this.message;
  }

  /**
   * The same error with more (or other) details, for callers that know the file or the situation. What sops says goes
   * with the message.
   */
  with(details: ErrorDetails, message?: string): SottoError {
    const { inSops, ...kept } = this.details;
    const same = message === undefined && inSops !== undefined ? { inSops } : {};
    const error = new SottoError(this.code, message ?? this.message, { ...kept, ...same, ...details });
    if (this.stack !== undefined) error.stack = this.stack;
    return error;
  }
}

/** What some work gives; `undefined` where it fails with an error of ours. Anything else is a defect, and goes on. */
export function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof SottoError) return undefined;
    throw error;
  }
}

/** {@link attempt}, for work that takes its time. */
export async function attemptAsync<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SottoError) return undefined;
    throw error;
  }
}

/** What went wrong, of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown reason';
}
