import { join } from 'node:path';
import type { ConfigValue } from '../config/value.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { Io } from '../io/io.ts';

/** What a run is about. */
export interface Task {
  readonly verb: string;
  /** That values are handed to; never its arguments. */
  readonly program?: string | undefined;
}

/** What there is to know of a run for its records. */
export interface AuditContext {
  readonly task: Task;
  /** Under this name there is sops's own record, and what the machine wants besides. */
  readonly likeSops?: boolean | undefined;
  readonly warn: (warning: Warning) => void;
  /** What the configuration of a file wants to have recorded, if it does. */
  readonly wish?: ((path: string | undefined) => ConfigValue | undefined) | undefined;
}

/** Where a machine's settings of the audit log are: sops's own file. No variable names another one. */
export function machineFile({ machineFolder }: Pick<Io, 'machineFolder'>): string {
  return `${machineFolder}/sops/audit.yaml`;
}

/** Where a user's own records are. */
export function ownFile({ environment, home }: Pick<Io, 'environment' | 'home'>): string {
  const state = environment['XDG_STATE_HOME'];
  const base = state?.startsWith('/') === true ? state : join(home, '.local', 'state');
  return join(base, 'sotto', 'audit.jsonl');
}
