import type { UsedKey } from './auditor.ts';
import type { RecipientName } from './index.ts';
import type { KmsFailure } from './kms-failure.ts';

/** An entry that did not open, and why. */
export interface FailedEntry extends RecipientName {
  readonly reasons: readonly string[];
  /** A key for it is here, or may be; only using it failed. */
  readonly hasKey: boolean;
  /** What of the reasons services of the clouds said. */
  readonly failures: readonly KmsFailure[];
}

/** What came of the entries of a group. */
export interface GroupResult {
  /** What the group wraps; `undefined` if no entry opened. */
  readonly part: Uint8Array | undefined;
  /** The recipient whose entry opened. */
  readonly opener: UsedKey | undefined;
  /** The entries that were tried before the one that opened; all of them if none did. */
  readonly failed: readonly FailedEntry[];
}
