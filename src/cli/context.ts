import type { Warning } from '../core/warning.ts';
import type { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Invocation } from './arguments.ts';
import type { Progressing } from './progress.ts';

/** What a verb works with. */
export interface Context {
  readonly invocation: Invocation;
  readonly io: Io;
  /** The name under which the program was called; `sops` is another than `sotto`. */
  readonly program: string;
  /** Say something while the verb goes on: what people are about to be asked about. */
  readonly say: (text: string) => void;
  /** Print data while the verb goes on. */
  readonly print: (text: string) => void;
  /** Begin to show how far the work on many files is. */
  readonly progressing: Progressing;
  /** Show a warning, once. */
  readonly warn: (warning: Warning) => void;
  /** Show an error that does not end the verb. */
  readonly complain: (error: SottoError) => void;
}
