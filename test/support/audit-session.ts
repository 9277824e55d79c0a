import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ALICE, as, type GitSession, startGitSession } from './git-session.ts';

/** A record, as it stands in a log. */
export type LoggedRecord = { readonly [field: string]: unknown };

/** A folder of a user on a machine with settings of the audit log. */
export interface AuditSession extends GitSession {
  readonly recipient: string;
  /** Set what the machine wants recorded; nothing unless given. */
  settle(backends: unknown, more?: object): void;
  /** Write a `.sops.yaml` with a rule for all files, and more. */
  configure(more: string): void;
  /** Remove the log. */
  forget(): void;
  log(): string;
  records(): LoggedRecord[];
}

/** @param files that are encrypted for somebody whose key is at hand */
export async function startAudit(files: { readonly [name: string]: string }): Promise<AuditSession> {
  const session = startGitSession();
  const machineFolder = session.path('machine');
  const settings = session.path('machine/sops/audit.yaml');
  mkdirSync(session.path('machine/sops'), { recursive: true });
  const mine = as('alice').environment ?? {};
  const log = (): string => readIfThere(session.path('log/audit.jsonl'));
  const own: AuditSession = {
    ...session,
    recipient: ALICE,
    sotto: (args, world = {}) =>
      session.sotto(args, { machineFolder, ...world, environment: { ...mine, ...world.environment } }),
    settle: (backends, more = {}) => {
      if (backends === undefined) rmSync(settings, { force: true });
      else writeFileSync(settings, JSON.stringify({ backends, ...more }));
    },
    configure: (more) => session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n${more}`),
    forget: () => {
      rmSync(session.path('log'), { recursive: true, force: true });
      own.configure('');
    },
    log,
    records: () =>
      log()
        .split('\n')
        .filter((line) => line !== '')
        .map((line): LoggedRecord => JSON.parse(line)),
  };
  own.configure('');
  for (const [name, text] of Object.entries(files)) {
    session.write(name, text);
    await own.sotto(['encrypt', '-i', name]);
  }
  return own;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
