import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { spawnSync } from './processes.ts';

/** Why tests with a real server can't run. */
export const OPENBAO_MISSING: string | undefined =
  spawnSync('bao', ['version']).status === 0 ? undefined : 'skipped: there is no OpenBao (bao) in the PATH';

/** OpenBao, running as its own developers' server: in memory, with TLS, and KV version 2 at `secret`. */
export interface OpenBao {
  readonly address: string;
  /** What may do everything. */
  readonly token: string;
  /** File with the certificate of the authority that its own is from. */
  readonly authority: string;
  /** Ask its API. @throws Error when it refuses */
  ask(line: readonly string[], namespace?: string): string;
  end(): Promise<void>;
}

const LONGEST_START = 20_000;

/** Start it. @param folder for its certificates */
export async function startOpenBao(folder: string): Promise<OpenBao> {
  const port = await freePort();
  const token = 'root-of-the-tests';
  const address = `https://127.0.0.1:${port}`;
  const environment = { PATH: process.env['PATH'], HOME: folder };
  const child = spawn(
    'bao',
    [
      ...['server', '-dev', '-dev-tls', `-dev-tls-cert-dir=${folder}`, '-dev-no-store-token'],
      ...[`-dev-root-token-id=${token}`, `-dev-listen-address=127.0.0.1:${port}`],
    ],
    { env: environment, stdio: 'ignore' },
  );
  const ended = new Promise<void>((accept) => {
    child.once('close', () => accept());
  });
  const authority = (): string =>
    join(folder, readdirSync(folder).find((name) => /ca\.pem$/.test(name)) ?? '');
  const ask = (line: readonly string[], namespace = ''): string => {
    const { status, stdout, stderr } = spawnSync('bao', line, {
      env: {
        ...environment,
        BAO_ADDR: address,
        BAO_TOKEN: token,
        BAO_CACERT: authority(),
        ...(namespace === '' ? {} : { BAO_NAMESPACE: namespace }),
      },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`bao ${line.join(' ')}: ${stderr}`);
    return stdout;
  };
  await untilReady(() => existsSync(authority()) && ask(['secrets', 'list']).includes('secret/'), child);
  return {
    address,
    token,
    authority: authority(),
    ask,
    end: async () => {
      child.kill();
      await ended;
    },
  };
}

async function untilReady(isReady: () => boolean, child: ChildProcess): Promise<void> {
  const end = Date.now() + LONGEST_START;
  for (;;) {
    try {
      if (isReady()) return;
    } catch (error) {
      if (Date.now() > end || child.exitCode !== null) {
        child.kill();
        throw error;
      }
    }
    await new Promise((accept) => setTimeout(accept, 100));
  }
}

function freePort(): Promise<number> {
  return new Promise((accept) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => accept(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
