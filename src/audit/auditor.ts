import type { Io } from '../io/io.ts';
import type { AuditEvent, Auditor } from '../keys/auditor.ts';
import { type AuditContext, machineFile } from './context.ts';
import { Trail } from './trail.ts';

/** Records what is done in a run, where the machine or the repository wants that; else it has looked for one file. */
export class RunAuditor implements Auditor {
  readonly #io: Io;
  readonly #context: AuditContext;
  #hasSettings: boolean | undefined;
  #trail: Trail | undefined;

  constructor(io: Io, context: AuditContext) {
    this.#io = io;
    this.#context = context;
  }

  async record(event: AuditEvent): Promise<void> {
    this.#hasSettings ??= this.#io.exists(machineFile(this.#io));
    const wish = this.#context.wish?.(event.path);
    if (!this.#hasSettings && wish === undefined) return;
    this.#trail ??= new Trail(this.#io, this.#context, this.#hasSettings);
    await this.#trail.record(event, wish);
  }
}
