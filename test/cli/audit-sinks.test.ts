import { createSocket, type Socket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyservice } from '../../src/commands/keyservice.ts';
import type { Io } from '../../src/io/io.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { type AuditSession, startAudit } from '../support/audit-session.ts';
import { type AuditTable, makeTable } from '../support/audit-table.ts';
import { as } from '../support/git-session.ts';
import { POSTGRES_MISSING, type Postgres, startPostgres } from '../support/postgres.ts';

const SECRET = 'correct-horse-battery';
const LOGGER_MISSING =
  existsSync('/usr/bin/logger') && process.platform === 'linux'
    ? undefined
    : 'skipped, there is no logger(1) of util-linux here';

for (const reason of [POSTGRES_MISSING, LOGGER_MISSING])
  if (reason !== undefined) console.info(`cli/audit-sinks: ${reason}`);

let session: AuditSession;
beforeAll(async () => {
  session = await startAudit({ 's.yaml': `a: ${SECRET}\n`, 'u.yaml': `b: ${SECRET}\n` });
});
afterAll(() => session.end());

/** Takes connections, and says nothing. */
function startSilent(): Promise<Server> {
  const sockets = createServer((socket) => socket.on('error', () => undefined).unref());
  return new Promise((accept) => sockets.listen(0, '127.0.0.1', () => accept(sockets)));
}

function portOf(server: { address(): string | AddressInfo | null }): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a sink that does not answer', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = await startSilent();
  });
  afterAll(() => {
    silent.close();
  });

  const sinks = (): [string, object][] => [
    ['otlp', { otlp: [{ endpoint: `http://127.0.0.1:${portOf(silent)}` }] }],
    [
      'postgres',
      {
        postgres: [
          {
            connection_string: `host=127.0.0.1 port=${portOf(silent)} user=sops password='s3 cret' sslmode=disable`,
          },
        ],
      },
    ],
    [
      'postgres with TLS',
      { postgres: [{ connection_string: `postgres://sops:s3cret@127.0.0.1:${portOf(silent)}/x` }] },
    ],
  ];

  test.each([0, 1, 2])(
    'holds nobody up for longer than its time-out, and nothing is handed out (%i)',
    async (index) => {
      const [, backends] = sinks()[index] ?? [];
      session.settle(backends, { timeout: '100ms' });
      const started = Date.now();
      const { exit, stdout, stderr } = await session.sotto(['decrypt', 's.yaml']);
      expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
      expect(stderr).toContain('no answer within 100 ms');
      expect(stderr).not.toMatch(/s3 ?cret/);
      // Much of it is the machine's own.
      expect(Date.now() - started).toBeLessThan(2000);
    },
  );

  test('with on_failure: warn it holds up, and that is all', async () => {
    const [, backends] = sinks()[0] ?? [];
    session.settle(backends, { timeout: '100ms', on_failure: 'warn' });
    const { exit, stdout } = await session.sotto(['decrypt', 's.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `a: ${SECRET}\n` });
  });

  test('many files do not wait for it one after the other', async () => {
    const [, backends] = sinks()[0] ?? [];
    session.settle(backends, { timeout: '100ms', on_failure: 'warn' });
    let asked = 0;
    const count = (): void => {
      asked += 1;
    };
    silent.on('connection', count);
    const { exit, stderr } = await session.sotto(['rotate', '-i', 's.yaml', 'u.yaml']);
    silent.off('connection', count);
    expect(exit).toBe(0);
    expect(stderr).toContain('the audit log has no record of this');
    expect(asked).toBe(1);
  });
});

describe('otlp', () => {
  let server: HttpServer;
  let answer: { status: number; body: string };
  const seen: {
    url: string | undefined;
    type: string | undefined;
    token: string | undefined;
    body: string;
  }[] = [];
  beforeAll(async () => {
    server = createHttpServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { url, headers } = request;
      seen.push({
        url,
        type: headers['content-type'],
        token: headers.authorization,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((accept) => server.listen(0, '127.0.0.1', accept));
  });
  afterAll(() => {
    server.close();
  });
  beforeEach(() => {
    seen.length = 0;
    answer = { status: 200, body: '{}' };
    session.settle({
      otlp: [{ endpoint: `http://127.0.0.1:${portOf(server)}/`, headers: { authorization: 'Bearer t0ken' } }],
    });
  });

  test('gets one POST for each record', async () => {
    // What a user sets has no say in where records go.
    const environment = { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' };
    const { exit, stderr } = await session.sotto(['get', 's.yaml', 'a'], { environment });
    expect(exit, stderr).toBe(0);
    expect(seen).toMatchObject([{ url: '/v1/logs', type: 'application/json', token: 'Bearer t0ken' }]);
    const { resourceLogs } = JSON.parse(seen[0]?.body ?? '');
    const [log] = resourceLogs[0].scopeLogs[0].logRecords;
    expect(log).toMatchObject({ severityText: 'INFO', eventName: 'sotto.audit' });
    expect(JSON.parse(log.body.stringValue)).toMatchObject({ event: 'open', verb: 'get', values: ['a'] });
    expect(log.attributes).toContainEqual({ key: 'sotto.outcome', value: { stringValue: 'ok' } });
    expect(seen[0]?.body).not.toContain(SECRET);
  });

  test.each([
    [500, ''],
    [200, '{"partialSuccess": {"rejectedLogRecords": "1"}}'],
  ])('with the answer %i %s nothing is handed out', async (status, body) => {
    answer = { status, body };
    const { exit, stdout, stderr } = await session.sotto(['get', 's.yaml', 'a']);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('the collector');
    expect(stderr).not.toContain('t0ken');
  });
});

describe.skipIf(LOGGER_MISSING !== undefined)('syslog', () => {
  let server: Socket;
  let next: Promise<string>;
  beforeAll(async () => {
    server = createSocket('udp4');
    await new Promise<void>((accept) => server.bind(0, '127.0.0.1', accept));
  });
  afterAll(() => {
    server.close();
  });

  test('gets the record as one message, under its tag', async () => {
    next = new Promise((accept) => server.once('message', (bytes) => accept(bytes.toString())));
    session.settle({ syslog: [{ server: `127.0.0.1:${server.address().port}`, tag: 'secrets' }] });
    const { exit, stderr } = await session.sotto(['get', 's.yaml', 'a'], {
      environment: { PATH: '/nowhere' },
    });
    expect(exit, stderr).toBe(0);
    const message = await next;
    // authpriv.info
    expect(message).toMatch(/^<86>/);
    expect(message).toMatch(/\bsecrets\b/);
    expect(JSON.parse(message.slice(message.indexOf('{')))).toMatchObject({ verb: 'get', outcome: 'ok' });
  });
});

test('records of a key service and of its client meet in what was unwrapped', async () => {
  const log = session.path('log/audit.jsonl');
  session.settle({ file: [{ path: log }] });
  session.forget();
  let stop = (): void => undefined;
  const stopped = new Promise<string>((accept) => {
    stop = () => accept('SIGTERM');
  });
  const base = nodeIo({ ...as('alice').environment, HOME: session.folder }, session.folder);
  const io = {
    ...base,
    machineFolder: session.path('machine'),
    untilStopped: () => stopped,
    // Ending it ends the process, too.
    serve: async (...where: Parameters<Io['serve']>) => ({
      ...(await base.serve(...where)),
      stop: () => undefined,
    }),
  };
  let uri = '';
  const served = keyservice(
    { network: 'tcp', address: '127.0.0.1:0', allowRemote: false, listening: (where) => (uri = where) },
    io,
  );
  await expect.poll(() => uri).not.toBe('');
  const environment = { SOPS_AGE_KEY: '', SOPS_KEYSERVICE: uri };
  const { exit, stderr } = await session.sotto(['decrypt', 's.yaml'], { environment });
  stop();
  await served;
  expect(exit, stderr).toBe(0);
  const [service, client] = session.records();
  expect(service).toMatchObject({ event: 'unwrap', verb: 'keyservice', outcome: 'ok' });
  expect(client).toMatchObject({ event: 'open', verb: 'decrypt', outcome: 'ok' });
  expect(service?.['wrapped']).toEqual(client?.['wrapped']);
  expect(session.log()).not.toContain(SECRET);
});

describe.skipIf(POSTGRES_MISSING !== undefined)('postgres', () => {
  let server: Postgres;
  let table: AuditTable;
  beforeAll(async () => {
    server = await startPostgres();
    table = makeTable(server);
  }, 60_000);
  afterAll(() => server.end());
  beforeEach(() => {
    table.empty();
    session.settle({ postgres: [{ connection_string: table.connection }] });
  });

  // As sops 3.13 wrote them for the same commands.
  test.each<[readonly string[], readonly string[]]>([
    [['decrypt', 'u.yaml'], ['decrypt']],
    [['decrypt', '--extract', '["b"]', 'u.yaml'], ['decrypt']],
    [
      ['set', 'u.yaml', '["b"]', '"other"'],
      ['decrypt', 'encrypt'],
    ],
    [
      ['rotate', '-i', 'u.yaml'],
      ['rotate', 'decrypt', 'encrypt'],
    ],
    [['exec-file', 'u.yaml', 'true {}'], ['decrypt']],
    [['updatekeys', '-y', 'u.yaml'], []],
    [['filestatus', 'u.yaml'], []],
    [
      ['edit', 'u.yaml'],
      ['decrypt', 'encrypt'],
    ],
  ])('sops %j writes the rows %j', async (args, actions) => {
    const environment = { EDITOR: 'sed -i s/b:/c:/' };
    const { exit, stderr } = await session.sotto(args, { program: 'sops', environment });
    expect(exit, stderr).toBe(0);
    const { username } = userInfo();
    expect(table.rows()).toEqual(actions.map((action) => [action, username, session.path('u.yaml')]));
  });

  test('what no key fits is no row, but for that of rotate', async () => {
    const world = { program: 'sops', environment: { SOPS_AGE_KEY: '' } };
    await session.sotto(['decrypt', 's.yaml'], world);
    expect(table.rows()).toEqual([]);
    await session.sotto(['rotate', 's.yaml'], world);
    expect(table.rows().map(([action]) => action)).toEqual(['rotate']);
  });

  test('what comes from stdin has the working folder for a name, as in sops', async () => {
    const stdin = session.read('s.yaml');
    const types = ['--input-type', 'yaml', '--output-type', 'yaml'];
    await session.sotto(['decrypt', ...types], { program: 'sops', stdin });
    expect(table.rows().map(([, , file]) => file)).toEqual([session.folder]);
  });

  test.each([
    ['wrong', '?sslmode=disable', 'password authentication failed'],
    ['sops', '', 'TLS'],
  ])('with the password %s and %s nothing is handed out', async (password, query, reason) => {
    const connection = table.connection.replace(/sops@/, `${password}@`).replace(/\?.*/, query);
    session.settle({ postgres: [{ connection_string: connection }] });
    const { exit, stdout, stderr } = await session.sotto(['decrypt', 's.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('Pinging audit database failed');
    expect(stderr.toLowerCase()).toContain(reason.toLowerCase());
    expect(stderr).not.toContain(`:${password}@`);
  });

  test('sops says so in its log, without the password', async () => {
    const lost = `postgres://sops:s3cret@127.0.0.1:1/audit?sslmode=disable`;
    session.settle({ postgres: [{ connection_string: lost }] });
    const { exit, stdout, stderr } = await session.sotto(['-d', 's.yaml'], { program: 'sops' });
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\[AUDIT\]\t .* level=error msg="connecting to audit database, defined in /);
    expect(lines[1]).toContain(
      'Pinging audit database failed: dial tcp 127.0.0.1:1: connect: connection refused',
    );
    expect(lines[2]).toMatch(/level=fatal msg="one or more audit backends reported errors, exiting"$/);
    expect(stderr).not.toContain('s3cret');
  });
});
