import type { RecipientName } from '../../keys/index.ts';
import type { Keyring } from '../../keys/keyring.ts';
import type { Names } from '../../keys/names.ts';

/** What merging takes besides the versions. */
export interface MergeOptions {
  readonly keyring: Keyring;
  readonly names: Names;
  readonly now: Date;
  /** Whether a rule of ours wants a recipient for this file. */
  readonly isNamed: (recipient: RecipientName) => boolean;
  /** The result is a base for another merge: conflicts are settled as in the base, and are none. */
  readonly isVirtual?: boolean | undefined;
  /** Indentation of metadata. */
  readonly indent?: number | undefined;
}
