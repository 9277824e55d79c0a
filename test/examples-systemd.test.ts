import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, copyExample, linkProgram, missingProgram } from './support/examples.ts';
import { leakingFiles, leaksIn } from './support/leaks.ts';
import { spawnSync } from './support/processes.ts';
import { UNIX_MISSING } from './support/program.ts';
import { startSealedSession } from './support/sealed-session.ts';
import type { Session } from './support/session.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../examples/systemd/${name}`, import.meta.url));
const UNITS = ['shop-secrets.service', 'shop-secrets.timer', 'shop.service'];
const SECRET = 'change-me';

let session: Session;
beforeAll(async () => {
  session = await startSealedSession({});
  const folder = await copyExample(session, 'systemd', ['secrets.yaml']);
  const sotto = linkProgram(session);
  for (const name of [...UNITS, 'files.yaml'])
    session.write(
      `systemd/${name}`,
      session
        .read(`systemd/${name}`)
        .replace('/usr/local/bin/sotto', sotto)
        .replace('/etc/shop/key.txt', session.path('key.txt'))
        .replace('/etc/shop', folder)
        .replaceAll(/^( *)owner: shop$/gm, process.geteuid?.() === 0 ? '$1owner: nobody' : '')
        .replace('/usr/local/bin/shop --config', '/bin/cat')
        .replace('User=shop', 'User=root'),
    );
});
afterAll(() => session.end());

/** What a unit says: without comments and empty lines. */
const said = (text: string): string => text.replace(/^(?:#.*)?\n/gm, '');

test('the page has what the example has', () => {
  const blocks = blocksOf('systemd.md').map(said);
  const [, list, secrets, shop] = blocks;
  expect(list).toBe(said(readFileSync(example('files.yaml'), 'utf8')));
  expect(said(readFileSync(example('shop-secrets.service'), 'utf8'))).toContain(secrets);
  for (const line of shop?.split('\n') ?? [])
    expect(readFileSync(example('shop.service'), 'utf8')).toContain(line);
});

describe.skipIf(UNIX_MISSING !== undefined)('the list of the example', () => {
  const render = (more: { readonly [name: string]: string } = {}) =>
    session.sotto(['render', '--runtime-dir', 'live', 'systemd/files.yaml'], {
      environment: { SOPS_AGE_KEY_FILE: session.path('key.txt'), ...more },
    });
  const NO_SYSTEMCTL = missingProgram('systemctl', 'the example of systemd is not played');

  test.skipIf(NO_SYSTEMCTL !== undefined)('is rendered, or nothing is', async () => {
    expect(await render({ SOPS_AGE_KEY_FILE: 'nobody.txt' })).toMatchObject({ exit: 128, stdout: '' });
    expect(existsSync(session.path('live'))).toBe(false);
    expect(await render()).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(session.read('live/app.conf')).toBe(
      'listen = 8080\ndb = postgres://shop:change-me@localhost/shop\n',
    );
    expect(session.read('live/db/password')).toBe(SECRET);
    expect(leakingFiles(session.path('systemd'), [SECRET])).toEqual([]);
  });
});

const NO_ANALYZER = missingProgram('systemd-analyze', 'the units of the example are not verified');

test.skipIf(NO_ANALYZER !== undefined)('systemd has nothing against the units', () => {
  const paths = UNITS.map((name) => session.path(`systemd/${name}`));
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

const SYSTEMD = '/lib/systemd/systemd';
const NAMESPACE = ['-m', '--propagation', 'private', '-f', '-p', '--mount-proc', '--uts', '--kill-child'];

/** Let a systemd as process 1 of a namespace of its own start `end.service`, which ends it all. */
function boot(folder: string, files: { readonly [name: string]: string }): void {
  const units = join(folder, 'units');
  rmSync(units, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(units, name)), { recursive: true });
    writeFileSync(join(units, name), text);
  }
  const script = `set -eu
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd
cp -r ${units} /run/systemd/system
container=unshare exec ${SYSTEMD} --system --unit=end.service
`;
  spawnSync('timeout', ['-s', 'KILL', '20', 'unshare', ...NAMESPACE, 'sh', '-c', script]);
}

/** Nothing else of a machine is started; and what is in /tmp here would be in /etc. */
const ALONE = '[Unit]\nDefaultDependencies=no\n[Service]\nPrivateTmp=no\n';
const END = `ExecStopPost=+/bin/sh -c 'kill -s RTMIN+14 1; true'\n`;

const NO_SYSTEMD = whyNoSystemd();
if (NO_SYSTEMD !== undefined) console.info(`skipped: the units of systemd are not run: ${NO_SYSTEMD}`);

function whyNoSystemd(): string | undefined {
  if (process.geteuid?.() !== 0 || !existsSync(SYSTEMD)) return 'they need root, and systemd installed';
  if (existsSync('/run/systemd/system')) return 'a systemd runs this machine';
  if (spawnSync('unshare', [...NAMESPACE, 'true']).status !== 0) return 'there are no namespaces here';
  const folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  try {
    const seen = join(folder, 'seen');
    const line = `LoadCredential=name:/etc/passwd\nExecStart=/bin/sh -c 'cp "$CREDENTIALS_DIRECTORY/name" ${seen}'\n`;
    boot(folder, { 'end.service': `${ALONE}${line}${END}` });
    return existsSync(seen) ? undefined : 'it does not start, or makes no credentials, in a namespace here';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(NO_SYSTEMD !== undefined)('under systemd', () => {
  /** Start a unit, with more files of systemd beside those of the example. @returns how its units ended, and what they said */
  const start = (unit: string, more: { readonly [name: string]: string }) => {
    const [ended = '', log = ''] = ['ended', 'log'].map((name) => session.path(name));
    for (const old of [ended, log]) rmSync(old, { force: true });
    const alone = `${ALONE}Type=oneshot\nStandardError=append:${log}\n`;
    boot(session.folder, {
      ...Object.fromEntries(UNITS.map((name) => [name, session.read(`systemd/${name}`)])),
      ...Object.fromEntries(
        ['shop', 'shop-secrets', 'plain'].map((name) => [`${name}.service.d/alone.conf`, alone]),
      ),
      'end.service': `${ALONE.replace('\n', `\nWants=${unit}\nAfter=${unit}\n`)}
ExecStart=/bin/sh -c 'systemctl show -p ActiveState,Result,ExecMainStatus ${unit} shop-secrets.service >${ended}'
${END}`,
      ...more,
    });
    return { ended: session.read('ended'), log: session.read('log') };
  };

  test('the unit makes the files with the key that it was handed, and the program reads them', () => {
    const { ended, log } = start('shop.service', {
      'shop.service.d/seen.conf': `[Service]\nUser=nobody\nStandardOutput=file:${session.path('program')}\n`,
    });
    expect(ended.match(/Result=.*/g)).toEqual(['Result=success', 'Result=success']);
    expect(session.read('program')).toContain('postgres://shop:change-me@localhost/shop');
    expect(log).toBe('');
  });

  test('the program is not started when a file was changed, or the key is missing', () => {
    const more = {
      'shop.service.d/seen.conf': `[Service]\nStandardOutput=file:${session.path('not-started')}\n`,
    };
    const good = session.read('systemd/secrets.yaml');
    session.write('systemd/secrets.yaml', good.replace('user:', 'login:'));
    const changed = start('shop.service', more);
    expect(changed.ended).toMatch(/ActiveState=inactive\n[\s\S]*Result=exit-code\nExecMainStatus=25\n/);
    expect(changed.log).toContain('secrets.yaml');
    expect(leaksIn(changed.log, [SECRET])).toEqual([]);
    session.write('systemd/secrets.yaml', good);
    const missing = start('shop.service', {
      ...more,
      'shop-secrets.service.d/key.conf': '[Service]\nLoadCredential=\nLoadCredential=sotto-key:/nowhere\n',
    });
    expect(missing.ended).toContain('ExecMainStatus=243');
    expect(existsSync(session.path('not-started'))).toBe(false);
  });

  test('the drop-in of the page hands variables to a program, with the key of the unit', () => {
    const [dropIn = ''] = blocksOf('systemd.md');
    const variable = session.path('variable');
    start('plain.service', {
      'plain.service': '[Service]\nExecStart=/bin/false\n',
      'plain.service.d/secrets.conf': dropIn
        .replace('/usr/local/bin/sotto', session.path('sotto'))
        .replace('/etc/shop/key.txt', session.path('key.txt'))
        .replace('/etc/shop', session.path('systemd'))
        .replace('/usr/local/bin/shop', `/bin/sh -c 'printf %%s "$$DB_PASSWORD" >${variable}'`),
    });
    expect(session.read('variable')).toBe(SECRET);
  });
});
