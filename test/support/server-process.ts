import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

const LONGEST_START = 20_000;

/** A server that a test has started. */
export interface ServerProcess {
  readonly port: number;
  end(): Promise<void>;
}

/** Start a program that serves on a free port, and wait until it takes connections over HTTP. */
export async function startServer(
  program: string,
  args: readonly string[],
  environment: (port: number) => { readonly [name: string]: string },
): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...environment(port) },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((accept) => {
    child.once('close', () => accept());
  });
  await untilReady(`http://127.0.0.1:${port}/`, child);
  return {
    port,
    end: async () => {
      child.kill();
      await ended;
    },
  };
}

/** A port that nothing listens on, just now. */
export function freePort(): Promise<number> {
  return new Promise((accept) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => accept(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + LONGEST_START;
  for (;;) {
    try {
      await (await fetch(url)).text();
      return;
    } catch (error) {
      if (Date.now() > end || child.exitCode !== null) {
        child.kill();
        throw error;
      }
    }
    await new Promise((accept) => setTimeout(accept, 50));
  }
}
