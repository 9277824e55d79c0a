import type { AuditRecord } from '../record.ts';

/** Where records go. */
export interface Sink {
  /** For messages; nothing secret. */
  readonly name: string;
  /** @throws Error with the reason, without anything secret in it */
  take(record: AuditRecord): Promise<void>;
}

/** A sink of which nobody knows when it answers. */
export interface FarSink extends Pick<Sink, 'name'> {
  /**
   * Take a record. The caller stops waiting some day, and tells so by the signal.
   *
   * @throws Error with the reason, without anything secret in it
   */
  take(record: AuditRecord, signal: AbortSignal): Promise<void>;
}
