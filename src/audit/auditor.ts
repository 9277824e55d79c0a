import type { Io } from '../io/io.ts';
import type { AuditEvent, Auditor } from '../keys/auditor.ts';
import { type AuditContext, machineFile } from './context.ts';
import type { Trail } from './trail.ts';

/** Records what is done in a run, where the machine or the repository wants that; else it has looked for one file. */
export class RunAuditor implements Auditor {
  readonly #io: Io;
  readonly #context: AuditContext;
  #isWanted: boolean | undefined;
  #trail: Promise<Trail> | undefined;

  constructor(io: Io, context: AuditContext) {
    this.#io = io;
    this.#context = context;
  }

  async record(event: AuditEvent): Promise<void> {
    this.#isWanted ??= this.#io.exists(machineFile(this.#io));
    const wish = this.#context.wish?.(event.path);
    if (!this.#isWanted && wish === undefined) return;
    this.#trail ??= import('./trail.ts').then(({ Trail }) => new Trail(this.#io, this.#context));
    await (await this.#trail).record(event, wish);
  }
}
