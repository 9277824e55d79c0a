import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFileSync, spawnSync } from './processes.ts';
import { COMMAND } from './program.ts';

/** A release on a server of this machine: an archive for this system, in which a script starts the built program. */
export interface Released {
  /** Stands for GitHub. */
  readonly server: string;
  readonly version: string;
  /** As in SHA256SUMS. */
  readonly sums: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Serve another archive from now on; left out, the right one. */
  serve(archive?: Uint8Array): void;
  end(): Promise<void>;
}

/** Programs that installing needs, and that are not here. */
export const MISSING_TO_INSTALL: readonly string[] = ['bash', 'curl', 'tar', 'git'].filter(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
);

/** Begin to serve it. @param folder is made for the archive */
export async function startReleased(folder: string): Promise<Released> {
  const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, 'utf8'));
  const names = ['', '-musl'].map(
    (libc) => `sotto-${version}-${process.platform}-${process.arch}${libc}.tar.gz`,
  );
  const genuine = archiveIn(folder);
  let served: Uint8Array = genuine;
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const isThere = names.includes(basename(url));
    response.writeHead(isThere ? 200 : 404).end(isThere ? served : '');
  });
  await new Promise<void>((accept) => {
    server.listen(0, '127.0.0.1', accept);
  });
  const address = server.address();
  const sum = createHash('sha256').update(genuine).digest('hex');
  return {
    server: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    version,
    sums: names.map((name) => `${sum}  ${name}\n`).join(''),
    asked,
    serve: (archive) => {
      served = archive ?? genuine;
    },
    end: () =>
      new Promise((accept) => {
        server.close(() => accept());
        server.closeAllConnections();
      }),
  };
}

function archiveIn(folder: string): Uint8Array {
  mkdirSync(folder);
  const program = join(folder, 'sotto');
  writeFileSync(program, `#!/bin/sh\nexec ${COMMAND.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(program, 0o755);
  const archive = join(folder, 'archive.tar.gz');
  execFileSync('tar', ['-C', folder, '-czf', archive, 'sotto']);
  return readFileSync(archive);
}
