import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from './processes.ts';

/** The folder of Postgres's programs; of those of Debian the newest. */
const PROGRAMS = foldersWith('initdb').at(-1);
/** The server refuses to run as root. */
const ACCOUNT = process.getuid?.() === 0 ? accountOf('postgres') : undefined;

/** Why tests with a server of Postgres can't run. */
export const POSTGRES_MISSING: string | undefined =
  PROGRAMS === undefined || spawnSync('psql', ['--version']).status !== 0
    ? 'skipped: there is no Postgres (PATH, /usr/lib/postgresql/*/bin)'
    : process.getuid?.() === 0 && ACCOUNT === undefined
      ? 'skipped: Postgres does not run as root, and there is no user postgres'
      : undefined;

/** A server, with a database `postgres`. */
export interface Postgres {
  /** The address of its superuser. */
  readonly admin: string;
  /** Run SQL. @param url whose login @returns what psql ended with */
  run(
    url: string,
    sql: string,
  ): { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  end(): Promise<void>;
}

/** Start a server of one's own, which asks for passwords. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-postgres-'));
  writeFileSync(join(folder, 'password'), 'of-the-admin\n');
  if (ACCOUNT !== undefined)
    for (const path of [folder, join(folder, 'password')]) chownSync(path, ACCOUNT.uid, ACCOUNT.gid);
  const data = join(folder, 'data');
  const options = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${join(folder, 'password')}`,
  ];
  const made = spawnSync(join(PROGRAMS ?? '', 'initdb'), [...options, '--no-sync'], {
    ...ACCOUNT,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'fsync=off',
  ];
  const server = spawn(
    join(PROGRAMS ?? '', 'postgres'),
    ['-D', data, ...settings.flatMap((one) => ['-c', one])],
    { ...ACCOUNT, stdio: 'ignore' },
  );
  const admin = `postgres://postgres:of-the-admin@127.0.0.1:${port}/postgres`;
  const run: Postgres['run'] = (url, sql) =>
    spawnSync('psql', ['-X', '-q', '-w', '-A', '-t', '-v', 'ON_ERROR_STOP=1', url], {
      input: sql,
      encoding: 'utf8',
    });
  for (let tries = 0; run(admin, 'SELECT 1').status !== 0; tries += 1) {
    if (tries > 300 || server.exitCode !== null) throw new Error('Postgres does not start');
    await new Promise((accept) => setTimeout(accept, 50));
  }
  return { admin, run, end: () => stopped(server, folder) };
}

async function stopped(server: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((accept) => server.on('exit', accept));
  server.kill('SIGQUIT');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((accept) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => accept(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

function foldersWith(program: string): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(a) - Number(b)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...versions.map((one) => join(debian, one, 'bin')),
  ];
  return folders.filter((folder) => existsSync(join(folder, program)));
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
