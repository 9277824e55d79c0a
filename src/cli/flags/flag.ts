import type { Verb } from '../verb.ts';

/** Where a flag may stand; `root` is in front of the verb, and the old style without one. */
export type Place = Verb | 'root';

/** One flag. */
export interface Flag {
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Another long name. */
  readonly alias?: string;
  /** The flag may be there more than once, and its lists are put together; else the last one counts. */
  readonly repeats?: 'always' | 'not in sops';
  readonly kind: 'boolean' | 'text' | 'list' | 'number';
  /** What stands for the value in help. */
  readonly value?: string;
  /** All that it can be, where that is known. */
  readonly values?: readonly string[];
  readonly help: string;
  readonly places: readonly Place[];
  /** Places that do not have it under the name `sops`, where clients find out that sops lacks it. */
  readonly notInSops?: readonly Place[];
  /** Variable that gives the value when the flag is not there. */
  readonly variable?: string;
}

/** Verbs that open an encrypted file for themselves. */
export const READERS: readonly Place[] = ['decrypt', 'rotate', 'edit', 'set', 'unset', 'root'];
/** Verbs that read one file and write one. */
export const TYPED: readonly Place[] = ['encrypt', ...READERS];
/** Verbs that make new files. */
export const MAKERS: readonly Place[] = ['encrypt', 'edit', 'root'];
/** Verbs that change the key groups of a file. */
export const GROUPERS: readonly Place[] = ['groups add', 'groups delete'];
/** Verbs that hand a command to the shell. */
export const SHELLS: readonly Place[] = ['exec-env', 'exec-file'];
/** Verbs that hand values to other programs. */
export const RUNNERS: readonly Place[] = ['run', ...SHELLS, 'render'];
/** Verbs that open files, with all that this takes. */
export const OPENERS: readonly Place[] = [...TYPED, 'updatekeys', 'publish', ...RUNNERS, ...GROUPERS];
