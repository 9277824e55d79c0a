import type { Warning } from '../core/warning.ts';

/** What a verb has to say; the only place that prints it is `run`. */
export interface Output {
  /** Data for stdout. */
  readonly stdout?: string | Uint8Array;
  /** Lines for people, on stderr. */
  readonly notes?: readonly string[];
  readonly warnings?: readonly Warning[];
  /** The report for `--json`, instead of `stdout`. */
  readonly report?: unknown;
  /** 0 unless given. */
  readonly exit?: number;
}
