import { rootOf } from '../config/read.ts';
import type { ConfigValue } from '../config/value.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { AuditEvent } from '../keys/auditor.ts';
import { type Claimed, claimedActor } from './actor.ts';
import { type AuditContext, machineFile, ownFile } from './context.ts';
import { auditFailed, type Failure, refusedBy } from './failure.ts';
import { type GitPlace, placeInGit } from './place.ts';
import { type AuditRecord, recordOf } from './record.ts';
import { type AuditSettings, NO_AUDIT, readMachineSettings, type SinkSettings } from './settings.ts';
import { fileSink } from './sinks/file.ts';
import type { Sink } from './sinks/sink.ts';

/** A sink, and what its settings say of it. */
interface Opened {
  readonly sink: Sink;
  readonly settings: Pick<SinkSettings, 'isRequired'>;
}

/** The sinks of a machine. */
interface Machine {
  readonly sinks: readonly Opened[];
  readonly atLeast: number;
}

/** Takes the events of a run to the sinks. */
export class Trail {
  readonly #io: Io;
  readonly #context: AuditContext;
  readonly #hasSettings: boolean;
  readonly #actor: Claimed;
  readonly #places = new Map<string, GitPlace | undefined>();
  readonly #known = new Set<string>();
  #machine: Promise<Machine> | undefined;
  #own: Opened | undefined;

  /** @param hasSettings the machine has a file of them */
  constructor(io: Io, context: AuditContext, hasSettings: boolean) {
    this.#io = io;
    this.#context = context;
    this.#hasSettings = hasSettings;
    this.#actor = claimedActor(io.environment);
  }

  /**
   * Take an event down, each once: a verb may look at a file more than once.
   *
   * @param wish of the repository
   * @throws SottoError `audit-failed`, `config-invalid`
   */
  async record(event: AuditEvent, wish: ConfigValue | undefined): Promise<void> {
    try {
      this.#machine ??= this.#openMachine();
      const machine = await this.#machine;
      const own = this.#ownSink(wish);
      if (machine.sinks.length === 0 && own === undefined) return;
      const record = this.#recordOf(event);
      const { file, blob, outcome } = record;
      const about = JSON.stringify([event.event, outcome, file, blob]);
      if (event.event !== 'unwrap' && event.event !== 'wrap' && this.#known.has(about)) return;
      await this.#deliver(record, machine, own);
      this.#known.add(about);
    } catch (error) {
      // Nothing is handed out then in any case, and why is the better error.
      if (event.outcome === 'ok') throw error;
      this.#context.warn({ message: `it is not recorded: ${messageOf(error)}` });
    }
  }

  #recordOf(event: AuditEvent): AuditRecord {
    const { verb, program } = this.#context.task;
    return recordOf(event, {
      verb,
      program,
      actor: this.#actor,
      now: this.#io.now(),
      place: this.#placeOf(event.path),
    });
  }

  #placeOf(path: string | undefined): GitPlace | undefined {
    if (path === undefined) return undefined;
    const known = this.#places.get(path);
    const place = known ?? placeInGit(this.#io, path);
    this.#places.set(path, place);
    return place;
  }

  /** All sinks are asked at once. That of a repository is none of those which the machine wants so many of. */
  async #deliver(record: AuditRecord, { sinks, atLeast }: Machine, own: Opened | undefined): Promise<void> {
    const all = own === undefined ? sinks : [...sinks, own];
    const results = await Promise.all(all.map((opened) => hand(record, opened)));
    const failures = results.flatMap((failure) => failure ?? []);
    if (failures.length === 0) return;
    const takers = results.slice(0, sinks.length).filter((failure) => failure === undefined);
    if (refusedBy(failures, takers.length, atLeast)) throw auditFailed(failures, machineFile(this.#io));
    for (const { sink, reason } of failures)
      this.#context.warn({
        message: `the audit log has no record of this: ${sink}: ${reason}`,
        notInSops: true,
      });
  }

  #ownSink(wish: ConfigValue | undefined): Opened | undefined {
    if (wish === undefined) return undefined;
    this.#own ??= ownSink(wish, this.#io);
    return this.#own;
  }

  async #openMachine(): Promise<Machine> {
    const { sinks, atLeast } = this.#readMachine();
    return { atLeast, sinks: await Promise.all(sinks.map((one) => open(one, this.#io))) };
  }

  /** @throws SottoError `config-invalid`, `audit-failed` */
  #readMachine(): AuditSettings {
    if (!this.#hasSettings) return NO_AUDIT;
    const path = machineFile(this.#io);
    const likeSops = this.#context.likeSops === true;
    let bytes: Uint8Array;
    try {
      bytes = this.#io.readSetting(path);
    } catch (error) {
      // sops goes on without a record.
      if (likeSops) return NO_AUDIT;
      throw new SottoError('audit-failed', `nothing can be recorded: ${messageOf(error)}`, {
        hint: `${path} says what is to be recorded, so everybody who opens files has to be able to read it`,
      });
    }
    return readMachineSettings(rootOf(Buffer.from(bytes).toString('utf8'), path), likeSops);
  }
}

async function open(settings: SinkSettings, { folder }: Pick<Io, 'folder'>): Promise<Opened> {
  if (settings.kind === 'file') return { settings, sink: fileSink(settings) };
  const { farSink } = await import('./sinks/far.ts');
  return { settings, sink: await farSink(settings, folder) };
}

/**
 * What a repository may ask for: a file of the user's own, in a place that it has no say in (`sotto: {audit: {file: true}}`),
 * and that nothing is handed out without it.
 *
 * @throws SottoError `config-invalid`
 */
function ownSink(wish: ConfigValue, io: Io): Opened | undefined {
  const wrong = (value: ConfigValue, message: string): SottoError =>
    value.problem('config-invalid', `sotto.audit: ${message}`, {
      hint: 'a repository may ask for the file of the user: audit: { file: true, on_failure: warn }',
    });
  const odd = wish.entries().find(({ key }) => key !== 'file' && key !== 'on_failure');
  if (wish.type !== 'object') throw wrong(wish, 'it is a mapping');
  if (odd !== undefined) throw wrong(odd.value, `there is no ${JSON.stringify(odd.key)}`);
  const [file, onFailure] = [wish.get('file'), wish.get('on_failure')];
  if (file !== undefined && file.boolean === undefined) throw wrong(file, 'file is true or false');
  if (onFailure !== undefined && onFailure.text !== 'refuse' && onFailure.text !== 'warn')
    throw wrong(onFailure, 'on_failure is refuse or warn');
  if (file?.boolean !== true) return undefined;
  const settings = { kind: 'file', timeout: 2000, isRequired: onFailure?.text === 'refuse' } as const;
  return { settings, sink: fileSink({ path: ownFile(io), timeout: settings.timeout }) };
}

/** @returns why the sink did not take the record, if it did not */
async function hand(record: AuditRecord, { sink, settings }: Opened): Promise<Failure | undefined> {
  try {
    await sink.take(record);
    return undefined;
  } catch (error) {
    return { sink: sink.name, reason: messageOf(error), isRequired: settings.isRequired, error };
  }
}
