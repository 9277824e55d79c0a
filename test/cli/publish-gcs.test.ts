import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import { REAL_SOPS } from '../support/real-sops.ts';
import { startSealedSession } from '../support/sealed-session.ts';
import type { Session } from '../support/session.ts';

const EMULATOR = join(process.env['SOTTO_TEST_CLIENTS'] ?? '/nowhere', 'bin/gcp-storage-emulator');
const MISSING = existsSync(EMULATOR)
  ? undefined
  : 'skipped: .ci/install-clients FOLDER, then SOTTO_TEST_CLIENTS=FOLDER, runs a service for Google Cloud Storage';
if (MISSING !== undefined) console.log(MISSING);

let service: ChildProcess;
let address: string;
let session: Session;
beforeAll(async () => {
  if (MISSING !== undefined) return;
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  const args = ['start', '--host=127.0.0.1', `--port=${port}`, '--in-memory', '--default-bucket=secrets'];
  service = spawn(EMULATOR, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 200 && !(await answers()); tries += 1) await setTimeout(100);
});
afterAll(() => service?.kill());
beforeEach(async () => {
  session = await startSealedSession({ 'a.yaml': 'a: ä\n' });
  session.write('.sops.yaml', 'destination_rules:\n  - gcs_bucket: secrets\n    gcs_prefix: x/y z/\n');
});
afterEach(() => session.end());

function answers(): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((accept) =>
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => accept(typeof bound === 'object' && bound !== null ? bound.port : 0));
    }),
  );
}

async function stored(): Promise<string> {
  const answer = await fetch(
    `${address}/storage/v1/b/secrets/o/${encodeURIComponent('x/y z/a.yaml')}?alt=media`,
  );
  return answer.text();
}

describe.skipIf(MISSING !== undefined)('a service for Google Cloud Storage', () => {
  const publish = () =>
    session.sotto(['publish', '-y', '--verbose', 'a.yaml'], {
      environment: { STORAGE_EMULATOR_HOST: address },
    });

  test('keeps a file, which is written once; what sops has put there, once more', async () => {
    const url = 'gcs://secrets/x/y z/a.yaml';
    expect((await publish()).stderr).toBe(`${url} written\n`);
    expect(await stored()).toBe(session.read('a.yaml'));
    expect((await publish()).stderr).toBe(`${url} is already up-to-date\n`);
    if (REAL_SOPS === undefined) return;
    const env = { STORAGE_EMULATOR_HOST: address, HOME: session.folder, PATH: process.env['PATH'] };
    expect(spawnSync(REAL_SOPS, ['publish', '-y', 'a.yaml'], { cwd: session.folder, env }).status).toBe(0);
    expect((await publish()).stderr).toBe(`${url} written\n`);
    expect((await publish()).stderr).toBe(`${url} is already up-to-date\n`);
  });

  test('says that a bucket is missing', async () => {
    session.write('.sops.yaml', 'destination_rules:\n  - gcs_bucket: nowhere\n');
    expect(await publish()).toMatchObject({ exit: 1, stderr: expect.stringContaining('check gcs_bucket') });
  });
});
