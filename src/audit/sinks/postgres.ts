import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { NoAnswer } from '../../keys/http.ts';
import { loadPackage } from '../../keys/package.ts';
import { systemUser } from '../actor.ts';
import type { AuditRecord } from '../record.ts';
import type { PostgresSettings } from '../settings.ts';
import { type Connection, readConnection, withoutPassword } from './connection.ts';
import type { FarSink } from './sink.ts';

const PACKAGE = 'postgres@3.4.9';
/** sops's own (`audit/audit.go`). */
const INSERT = 'INSERT INTO audit_event (action, username, file) VALUES ($1, $2, $3)';

/** What a row can say that was done. */
export type Action = 'decrypt' | 'encrypt' | 'rotate';

/** Verbs that sops writes no rows for, though sotto looks at the values: it checks the MAC first. */
const SILENT: ReadonlySet<string> = new Set(['updatekeys', 'groups add', 'groups delete', 'keyservice']);

/**
 * The rows that sops writes: one when values are decrypted, even where they prove to be wrong, one when they are encrypted,
 * and one more in front of those of `rotate`, whatever comes of it.
 */
export function actionsOf({ event, verb, outcome }: AuditRecord): Action[] {
  if (SILENT.has(verb)) return [];
  if (event === 'change') return ['encrypt'];
  if (event !== 'open') return [];
  const first: Action[] = verb === 'rotate' ? ['rotate'] : [];
  return outcome === 'refused' ? first : [...first, 'decrypt'];
}

/** The database could not be reached, or did not let this program in. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase';
}

type Client = import('postgres').Sql;

/** sops's table in Postgres, for which its own schema holds. @param folder stands there for what has no name */
export function postgresSink({ connection: text }: PostgresSettings, folder: string): FarSink {
  let connected: Promise<Client> | undefined;
  return {
    name: withoutPassword(text),
    take: async (record, signal) => {
      const actions = actionsOf(record);
      if (actions.length === 0) return;
      connected ??= connectTo(text, signal);
      // A program that stays may find the database there the next time.
      const client = await connected.catch((error: unknown) => {
        connected = undefined;
        throw error;
      });
      try {
        for (const action of actions)
          await client.unsafe(INSERT, [action, systemUser().name, record.file ?? folder]);
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
  };
}

async function connectTo(text: string, signal: AbortSignal): Promise<Client> {
  const settings = readConnection(text);
  const { default: postgres } = await loadPackage([PACKAGE], () => import('postgres'));
  const client = postgres({
    host: settings.host,
    port: settings.port,
    username: settings.user,
    password: settings.password ?? '',
    database: settings.database,
    ssl: tlsOf(settings),
    max: 1,
    fetch_types: false,
    prepare: false,
    onnotice: () => undefined,
    connection: { application_name: 'sotto' },
    // The connection stays for the run, and does not keep the program: there are no timers but our own.
    max_lifetime: null,
    connect_timeout: 0,
    ...{ socket: () => socketTo(settings) },
  });
  signal.addEventListener('abort', () => void client.end({ timeout: 0 }).catch(() => undefined));
  try {
    await client.unsafe('SELECT 1');
    return client;
  } catch (error) {
    throw new NoDatabase(`Pinging audit database failed: ${reasonOf(error)}`, { cause: error });
  }
}

function socketTo({ host, port }: Connection): Promise<Socket> {
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  // Whoever waits for it keeps the program; and not for longer than wanted.
  socket.unref();
  return new Promise((accept, refuse) => {
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.off('error', refuse);
      accept(Object.assign(socket, { host, port }));
    });
  });
}

/** As lib/pq: `require` alone believes whoever answers, unless it is told whom to believe. */
function tlsOf({ host, sslmode, sslrootcert, sslcert, sslkey }: Connection): ConnectionOptions | false {
  if (sslmode === 'disable' || host.startsWith('/')) return false;
  const own = {
    ...(sslrootcert === undefined ? {} : { ca: readFileSync(sslrootcert) }),
    ...(sslcert === undefined ? {} : { cert: readFileSync(sslcert) }),
    ...(sslkey === undefined ? {} : { key: readFileSync(sslkey) }),
  };
  if (sslmode === 'verify-full') return own;
  if (sslmode === 'require' && sslrootcert === undefined) return { ...own, rejectUnauthorized: false };
  return { ...own, checkServerIdentity: () => undefined };
}

/** In the words of lib/pq, which sops passes on. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Five characters are a SQLSTATE: the server itself says no.
  if (/^[0-9A-Z]{5}$/.test(code)) {
    const place = 'position' in error && error.position !== undefined ? ` at column ${error.position}` : '';
    return `pq: ${error.message}${place} (${code})`;
  }
  if (!('syscall' in error) || error.syscall !== 'connect') return error.message;
  const { address, port } = { address: '', port: '', ...error };
  return `dial ${port === '' ? 'unix' : 'tcp'} ${address}${port === '' ? '' : `:${port}`}: connect: ${new NoAnswer(code, error.message).message}`;
}
