import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { OpenOptions } from './open.ts';
import type { RuledSelection } from './shown-values.ts';

/** What changing an encrypted file needs. */
export interface ChangeOptions extends OpenOptions {
  readonly keyring: Keyring;
  readonly now: Date;
  /** Another format for the result, which is then printed anew; the file's own unless given. */
  readonly output?: Format | undefined;
  /** Leave the file as it is when the value does not change, even when {@link output} is another format. */
  readonly idempotent?: boolean | undefined;
  /** The MAC and its time stay where the values are those that it was made of; else they are new with each change. */
  readonly keepsMac?: boolean | undefined;
  /** What was encrypted may come to stand in clear text: it is said then, and not refused. */
  readonly clear?: boolean | undefined;
  /** What the file's rule encrypts, where that is not what the file's own selector does. */
  readonly ruled?: RuledSelection | undefined;
}

/** A changed file. */
export interface ChangeResult {
  readonly text: string;
  /** False when there was nothing to change; `text` is then the file as it was. */
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}
