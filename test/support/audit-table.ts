import type { Postgres } from './postgres.ts';

/** sops's own (`audit/schema.sql`), with the rights that a client needs. */
const SCHEMA = `
CREATE TABLE audit_event (
  id SERIAL PRIMARY KEY,
  timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  action TEXT,
  username TEXT,
  file TEXT
);
CREATE ROLE sops WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN PASSWORD 'sops';
GRANT INSERT ON audit_event TO sops;
GRANT USAGE ON audit_event_id_seq TO sops;
`;

/** sops's table of events, in a server. */
export interface AuditTable {
  /** As sops's settings have it. */
  readonly connection: string;
  /** Action, user and file of each row. */
  rows(): string[][];
  empty(): void;
}

/** Make the table. */
export function makeTable({ admin, run }: Pick<Postgres, 'admin' | 'run'>): AuditTable {
  const ask = (sql: string): string => {
    const { status, stdout, stderr } = run(admin, sql);
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
  ask(SCHEMA);
  return {
    connection: `${admin.replace(/\/\/[^@]*@/, '//sops:sops@')}?sslmode=disable`,
    rows: () =>
      ask('SELECT action, username, file FROM audit_event ORDER BY id;')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('|')),
    empty: () => {
      ask('TRUNCATE audit_event;');
    },
  };
}
