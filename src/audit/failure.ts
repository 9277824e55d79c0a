import { SottoError } from '../errors.ts';

/** A sink that did not take a record. */
export interface Failure {
  readonly sink: string;
  readonly reason: string;
  readonly isRequired: boolean;
  readonly error: unknown;
}

/** Whether nothing may go on. @param taken how many sinks took the record @param atLeast how many have to */
export function refusedBy(failures: readonly Failure[], taken: number, atLeast: number): boolean {
  return taken < atLeast || failures.some(({ isRequired }) => isRequired);
}

/** The error of a run that must not go on without a record. @param settings the path of the machine's settings */
export function auditFailed(failures: readonly Failure[], settings: string): SottoError {
  const [first] = failures;
  const lines = failures.map(({ sink, reason }) => `${sink}: ${reason}`);
  return new SottoError('audit-failed', `this can not be recorded: ${lines[0] ?? ''}`, {
    lines: lines.slice(1),
    hint: `nothing was handed out, and nothing written: ${settings} wants a record of it; try again, or ask who looks after that`,
    cause: first?.error,
    ...inSopsWords(failures, settings),
  });
}

/** sops tells first of the databases that it can't reach (`audit/audit.go`); a password is not shown here. */
function inSopsWords(
  failures: readonly Failure[],
  settings: string,
): { readonly inSops: string; readonly logged?: readonly string[] } {
  const unreached = failures.filter(({ error }) => error instanceof Error && error.name === 'NoDatabase');
  if (unreached.length === 0)
    return { inSops: `Failed to insert audit record: ${failures[0]?.reason ?? ''}` };
  return {
    inSops: 'one or more audit backends reported errors, exiting',
    logged: [
      `connecting to audit database, defined in ${settings}`,
      ...unreached.map(({ sink, reason }) => `connectStr: ${sink}, err: ${reason}`),
    ],
  };
}
