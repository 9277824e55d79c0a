import type { Conflict } from '../../core/merge/merge-blocks.ts';
import type { Warning } from '../../core/splice/warning.ts';
import type { SottoError } from '../../errors.ts';
import type { MergedKey } from './data-key.ts';
import type { MergedSettings } from './settings.ts';

/** A merged file: one encrypted text, or one for each side where they conflict. */
export interface MergeResult {
  readonly ours: string;
  readonly theirs: string;
  /** Empty if the texts are one. */
  readonly conflicts: readonly Conflict[];
  /** How many changes of theirs went in without a conflict. */
  readonly merged: number;
  /** It could not be opened, for this reason: nothing was decided that takes a key. */
  readonly closed?: SottoError | undefined;
  readonly warnings: readonly Warning[];
}

/** What was decided on for a merged file besides its values. */
export interface Settled {
  readonly settings: MergedSettings;
  readonly key: MergedKey;
}
