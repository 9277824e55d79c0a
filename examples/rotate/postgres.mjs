#!/usr/bin/env node
// A hook for `sotto renew`: the login of a service to Postgres. The value is a URL, postgres://shop_a:…@host/database.
// Two roles take turns, shop_a and shop_b: who still has the old one goes on with it, until it is revoked. What both may do
// is granted to a third, shop, of which they are members. The need is the URL of a role that may change roles.
import { spawnSync } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const TRY_AGAIN = 75;
const { current, next, previous, needs } = JSON.parse(readFileSync(0, 'utf8'));
const [admin] = Object.values(needs);

switch (process.env.SOTTO_STEP) {
  case 'create': {
    const url = new URL(current);
    url.username = url.username.replace(/_[ab]$/, (turn) => (turn === '_a' ? '_b' : '_a'));
    url.password = randomBytes(24).toString('base64url');
    console.log(url.href);
    break;
  }
  case 'set': {
    const { role, password, group } = loginIn(next);
    run(
      admin,
      `SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
ALTER ROLE :"role" LOGIN PASSWORD :'verifier';
GRANT :"group" TO :"role";
`,
      { role, group, verifier: verifierOf(password) },
    );
    break;
  }
  case 'test':
    run(next, 'SELECT 1;\n', {});
    break;
  case 'revoke': {
    const { role } = loginIn(previous);
    if (role === loginIn(current).role) process.exit(64);
    run(
      admin,
      `ALTER ROLE :"role" NOLOGIN PASSWORD NULL;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :'role';
`,
      { role },
    );
    break;
  }
  default:
    process.exit(64);
}

function loginIn(url) {
  const { username, password } = new URL(url);
  const role = decodeURIComponent(username);
  return { role, password: decodeURIComponent(password), group: role.replace(/_[ab]$/, '') };
}

/** What Postgres keeps of a password (SCRAM-SHA-256, RFC 5803): so the password itself stands in no log of the server. */
function verifierOf(password) {
  const [salt, iterations] = [randomBytes(16), 4096];
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`;
}

function settingsOf(parameters, names) {
  const given = names.filter((name) => parameters.has(name));
  return Object.fromEntries(
    given.map((name) => [`PG${name.toUpperCase().replace('_', '')}`, parameters.get(name)]),
  );
}

/** Run SQL as the role of a URL. Nothing of it is in arguments; the password is in the environment of psql alone. */
function run(url, sql, variables) {
  const { hostname, port, pathname, username, password, searchParams } = new URL(url);
  const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  const set = Object.entries(variables).map(([name, text]) => `\\set ${name} ${quoted(text)}\n`);
  const { status } = spawnSync('psql', ['-X', '-q', '-w', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null'], {
    input: `${set.join('')}${sql}`,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PGHOST: searchParams.get('host') ?? hostname,
      PGPORT: port || '5432',
      PGDATABASE: decodeURIComponent(pathname.slice(1)),
      PGUSER: decodeURIComponent(username),
      PGPASSWORD: decodeURIComponent(password),
      PGCONNECT_TIMEOUT: '10',
      // What the URL says of encryption, sslmode=verify-full for one, holds here, too.
      ...settingsOf(searchParams, ['sslmode', 'sslrootcert', 'channel_binding']),
    },
  });
  if (status === 0) return;
  // 2: no connection, which can also mean that the password is wrong, and that is the answer to a test.
  process.exit(status === 2 && process.env.SOTTO_STEP !== 'test' ? TRY_AGAIN : 1);
}
