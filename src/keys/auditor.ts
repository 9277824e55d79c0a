import type { Path } from '../core/tree/tree.ts';
import type { RecipientName } from './index.ts';

/** An entry of a file that was unwrapped: whose key did it, and what the file holds for it. */
export interface UsedKey extends RecipientName {
  /** What was unwrapped, as the file has it. */
  readonly enc: string;
}

/** What was done with a file, or with the data key of one. */
export interface AuditEvent {
  /**
   * `open`: its values were decrypted and checked. `change`: an encrypted text was made that is to be written. `unwrap`,
   * `wrap`: a key service did so for somebody else, and knows no file.
   */
  readonly event: 'open' | 'change' | 'unwrap' | 'wrap';
  /** `refused`: no key fitted, or somebody said no; `failed`: there was a key, and something else was wrong. */
  readonly outcome: 'ok' | 'refused' | 'failed';
  /** Why it was not `ok`: a code of an error. */
  readonly code?: string | undefined;
  /** Absolute path of the file; `undefined` where it has no name. */
  readonly path?: string | undefined;
  /** The encrypted file. */
  readonly content?: string | Uint8Array | undefined;
  /** The keys that were used; empty where none opened anything. */
  readonly keys: readonly UsedKey[];
  /** Which values it was about, where it was not about all. */
  readonly values?: readonly Path[] | undefined;
}

/** Takes down what is done with files and keys, before anything of it leaves the program. */
export interface Auditor {
  /**
   * Take an event down.
   *
   * @throws SottoError `audit-failed` where an event with the outcome `ok` has to be recorded and can't be: it must not go
   *   on then
   */
  record(event: AuditEvent): Promise<void>;
}
