import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { request } from '../../../src/io/https.ts';
import { start, UNIX_MISSING } from '../../support/program.ts';
import { type Session, startSession } from '../../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../../support/terminal.ts';
import { startTransit, type Transit } from '../../support/transit.ts';

const COUNT = 1000;
const AT_ONCE = 8;

let transit: Transit;
let session: Session;
beforeAll(async () => {
  transit = await startTransit();
  session = await startWithFiles();
});
beforeEach(() => {
  transit.most = Number.POSITIVE_INFINITY;
  transit.delay = 5;
  transit.forget();
});
afterAll(async () => {
  session?.end();
  await transit?.end();
});

const environment = (): { readonly [name: string]: string } => ({
  VAULT_TOKEN: 'token',
  VAULT_ADDR: transit.address,
  SOPS_AGE_KEY_FILE: session.path('alice.key'),
});
const sotto = (...args: readonly string[]) => session.sotto(args, { environment: environment() });

function expectFewAtOnce(): void {
  expect(transit.peak).toBeGreaterThan(AT_ONCE / 2);
  expect(transit.peak).toBeLessThanOrEqual(AT_ONCE);
}

/** A folder of files to encrypt. */
function folderOf(name: string, count: number): void {
  mkdirSync(session.path(name));
  for (let index = 0; index < count; index += 1)
    session.write(`${name}/${index}.yaml`, `password: p${index}\n`);
  session.write(`${name}/.sops.yaml`, `creation_rules:\n  - hc_vault_transit_uri: ${transit.key}\n`);
}

describe('a thousand files with one key', () => {
  beforeAll(() => folderOf('many', COUNT));

  test('are encrypted with one call for each, eight at once', async () => {
    expect(await sotto('encrypt', '-i', 'many')).toMatchObject({ exit: 0 });
    expect(transit.calls).toHaveLength(COUNT);
    expect(new Set(transit.calls).size).toBe(COUNT);
    expectFewAtOnce();
  });

  test('are left alone by updatekeys without a call, if there is nothing to change', async () => {
    expect(await sotto('updatekeys', '-y', 'many')).toMatchObject({ exit: 0 });
    expect(await sotto('updatekeys', '--check', 'many')).toMatchObject({ exit: 0 });
    expect(transit.calls).toEqual([]);
  });

  test('are decrypted with one call for each data key, eight at once', async () => {
    expect(await sotto('decrypt', '-i', 'many')).toMatchObject({ exit: 0 });
    expect(transit.calls).toHaveLength(COUNT);
    expect(new Set(transit.calls).size).toBe(COUNT);
    expectFewAtOnce();
    expect(session.read('many/77.yaml')).toBe('password: p77\n');
  });
});

test('files that have one data key cost one call', async () => {
  folderOf('copies', 1);
  await sotto('encrypt', '-i', 'copies/0.yaml');
  for (let index = 1; index < 40; index += 1)
    session.write(`copies/${index}.yaml`, session.read('copies/0.yaml'));
  transit.forget();
  expect(await sotto('decrypt', '-i', 'copies')).toMatchObject({ exit: 0 });
  expect(transit.calls).toHaveLength(1);
});

test('a service that takes few calls at once gets fewer, and every file is done', async () => {
  folderOf('throttled', 60);
  transit.most = 3;
  transit.delay = 3;
  const { exit, stderr } = await session.sotto(['encrypt', '-i', 'throttled'], {
    environment: environment(),
    // Shorter than they are, but pauses: what is asked again at once is refused again.
    wait: (milliseconds) => setTimeout(milliseconds / 10),
  });
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  const refused = transit.calls.filter((call) => call === 'refused').length;
  expect(transit.calls.length - refused).toBe(60);
  expect(refused).toBeGreaterThan(0);
});

describe('of key groups', () => {
  const [alice = '', bob = ''] = [RECIPIENTS['ALICE'], RECIPIENTS['BOB']];

  /** A file whose groups hold these keys, in this order. @returns how often the service is asked to open it */
  async function callsFor(groups: readonly string[], threshold: number): Promise<number> {
    const rule = groups.map((keys) => `      - ${keys}\n`).join('');
    session.write(
      '.sops.yaml',
      `creation_rules:\n  - shamir_threshold: ${threshold}\n    key_groups:\n${rule}`,
    );
    session.write('grouped.yaml', 'a: 1\n');
    expect(await sotto('encrypt', '-i', 'grouped.yaml')).toMatchObject({ exit: 0 });
    transit.forget();
    expect(await sotto('decrypt', 'grouped.yaml')).toMatchObject({ exit: 0, stdout: 'a: 1\n' });
    return transit.calls.length;
  }

  test('those that need no network go first, and no more are asked than it takes', async () => {
    const service = `hc_vault: [${transit.key}]`;
    const other = `hc_vault: [${transit.key}-other]`;
    const own = `age: [${alice}]`;
    expect(await callsFor([service, other, own], 2)).toBe(1);
    expect(await callsFor([service, own, `age: [${alice}, ${bob}]`], 2)).toBe(0);
    expect(
      await callsFor([`{hc_vault: [${transit.key}], age: [${alice}]}`, `age: [${bob}, ${alice}]`], 2),
    ).toBe(0);
    expect(await callsFor([service, other, `age: [${bob}]`], 2)).toBe(2);
  });
});

describe.skipIf(UNIX_MISSING !== undefined)('Ctrl+C while a service does not answer', () => {
  test.each([
    ['of one file', ['decrypt', 'one.yaml']],
    ['of many files', ['rotate', '-i', 'one.yaml', 'two.yaml']],
  ])('ends the work %s at once, and nothing is written', async (_, line) => {
    const other = startSession();
    other.write('.sops.yaml', `creation_rules:\n  - hc_vault_transit_uri: ${transit.key}\n`);
    for (const name of ['one.yaml', 'two.yaml']) {
      other.write(name, 'a: 1\n');
      await other.sotto(['encrypt', '-i', name], { environment: environment() });
    }
    const before = other.read('one.yaml');
    transit.forget();
    transit.delay = Number.POSITIVE_INFINITY;
    const running = start(other, line, { environment: environment() });
    await expect.poll(() => transit.calls.length, { interval: 5 }).toBeGreaterThan(0);
    const interrupted = performance.now();
    running.child.kill('SIGINT');
    const { signal, stdout } = await running.ended;
    expect({ signal, stdout }).toEqual({ signal: 'SIGINT', stdout: '' });
    expect(performance.now() - interrupted).toBeLessThan(2000);
    expect(other.read('one.yaml')).toBe(before);
    expect(readdirSync(other.folder).filter((name) => name.startsWith('.sotto-'))).toEqual([]);
    other.end();
  });
});

test('a server that takes a connection, and then is silent, is not waited for as long as for an answer', async () => {
  const folder = mkdtempSync(`${tmpdir()}/silent-`);
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((accept) => server.listen(0, '127.0.0.1', accept));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const asked = {
    method: 'GET',
    url: new URL(`https://127.0.0.1:${port}/`),
    headers: {},
    timeout: 60_000,
  } as const;
  await expect(request(asked, {}, 50)).rejects.toMatchObject({
    fault: 'late',
    message: 'no connection in time',
  });
  server.close();
  rmSync(folder, { recursive: true });
});
