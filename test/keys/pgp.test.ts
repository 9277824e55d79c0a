import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sessionKeysOf } from '../../src/keys/pgp/message.ts';
import { casesOf, VECTORS } from '../support/cases.ts';
import { fingerprintOf, GPG_MISSING, type GpgHome, pinentry, startGpgHome } from '../support/gpg.ts';
import { type Outcome, type Session, startSession } from '../support/session.ts';

if (GPG_MISSING !== undefined) console.info(`keys/pgp: ${GPG_MISSING}`);

const GRACE = '306ED035E2561CD2A86B9A9C38870239D9C2D972';
const ALICE = 'age1nxq87ktqcmpjsx7mdw5ftsfmuy4z4dw7y5sz0kaa8y89lxnmsu0qz2qtrl';
const CLEAR = 'password: hunter2\n';
/** Making a key takes long where others work, too. */
const PATIENCE = 120_000;

let home: GpgHome;
let session: Session;
const begin = (): Session => {
  session = startSession({ GNUPGHOME: home.path });
  session.write('clear.yaml', CLEAR);
  return session;
};

describe.skipIf(GPG_MISSING !== undefined)('with the public key of Grace only', () => {
  beforeAll(() => {
    home = startGpgHome();
    home.importKey('pgp-grace-rsa.pub.asc');
  }, PATIENCE);
  afterAll(() => home.end());
  afterEach(() => session.end());

  /** How gpg values a key, `-` for unknown (GnuPG doc/DETAILS). */
  const validityOf = (key: string): string =>
    /^pub:(.)/m.exec(home.gpg(['--with-colons', '--list-keys', key]).toString())?.[1] ?? '';

  test('encrypts to a key that gpg does not trust, and leaves it untrusted', async () => {
    const before = validityOf(GRACE);
    const { exit, stdout, stderr } = await begin().sotto(['encrypt', '--pgp', GRACE, 'clear.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain('-----BEGIN PGP MESSAGE-----');
    expect(before).toBe('-');
    expect(validityOf(GRACE)).toBe('-');
  });

  test.each([
    ['as it is', GRACE, GRACE],
    ['in groups of four', GRACE.replace(/(.{4})/g, '$1 '), GRACE],
    ['in lower case', GRACE.toLowerCase(), GRACE.toLowerCase()],
    ['with 0x', `0x${GRACE}`, `0x${GRACE}`],
    ['as a long key id, whose fingerprint is stored', GRACE.slice(-16), GRACE],
  ])('takes a fingerprint %s', async (_, given, stored) => {
    const { exit, stdout } = await begin().sotto(['encrypt', '--pgp', given, 'clear.yaml']);
    expect(exit).toBe(0);
    expect(/fp: "?([^"\n]*)/.exec(stdout)?.[1]).toBe(stored);
    expect(stdout).toMatch(/created_at: "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\n {10}enc: \|-\n/);
  });

  test('SOPS_PGP_FP and --add-pgp name fingerprints, and --rm-pgp takes one out by its long key id', async () => {
    const here = begin();
    await here.sotto(['encrypt', '-i', 'clear.yaml'], { environment: { SOPS_PGP_FP: GRACE } });
    expect(here.read('clear.yaml')).toContain(`fp: ${GRACE}`);
    const environment = { SOPS_AGE_KEY: readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8') };
    here.write('both.yaml', CLEAR);
    await here.sotto(['encrypt', '-i', '--age', ALICE, 'both.yaml']);
    await here.sotto(['rotate', '-i', '--add-pgp', GRACE, 'both.yaml'], { environment });
    expect(here.read('both.yaml')).toContain(`fp: ${GRACE}`);
    const { exit } = await here.sotto(['rotate', '-i', '--rm-pgp', GRACE.slice(-16), 'both.yaml'], {
      environment,
    });
    expect({ exit, text: here.read('both.yaml') }).toEqual({
      exit: 0,
      text: expect.not.stringContaining('fp:'),
    });
  });

  test('a long key id in the rule is the key that the file has', async () => {
    const here = begin();
    here.write('.sops.yaml', `creation_rules:\n  - pgp: ${GRACE.slice(-16)}\n`);
    await here.sotto(['encrypt', '-i', 'clear.yaml']);
    const { exit, stderr } = await here.sotto(['updatekeys', '--check', 'clear.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: `File ${here.path('clear.yaml')} already up to date\n`,
    });
  });

  test('says that there is no public key, and how to get it', async () => {
    const missing = '0'.repeat(40);
    const { exit, stdout, stderr } = await begin().sotto([
      'encrypt',
      '--pgp',
      `${GRACE},${missing}`,
      'clear.yaml',
    ]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(`can't encrypt for …${missing.slice(-16)}: gpg has no public key for it`);
    expect(stderr).toContain(`gpg --recv-keys ${missing}`);
    expect(stderr).not.toContain(GRACE);
  });

  test('says that there is no secret key, and what to do', async () => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', GRACE, 'clear.yaml']);
    const { exit, stdout, stderr } = await here.sotto(['decrypt', 'clear.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(stderr).toContain(`needs one of: …${GRACE.slice(-16)}\n`);
    expect(stderr).toContain(`GNUPGHOME=${home.path}: it has no secret key for it\n`);
    expect(stderr).toContain('fix: import the secret key (gpg --import FILE)');
  });

  test('nothing secret is an argument of gpg, and SOPS_GPG_EXEC names another one', async () => {
    const here = begin();
    const log = here.path('arguments');
    here.write('my gpg', `#!/bin/sh\nprintf '%s ' "$@" >>"${log}"\nexec gpg "$@"\n`);
    chmodSync(here.path('my gpg'), 0o755);
    const environment = { SOPS_GPG_EXEC: here.path('my gpg') };
    const { exit } = await here.sotto(['encrypt', '-i', '--pgp', GRACE, 'clear.yaml'], { environment });
    expect(exit).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe(
      `--batch --no-tty --status-fd 2 --no-default-recipient --yes --encrypt -a -r ${GRACE} --trust-model always --no-encrypt-to --no-throw-keyids `,
    );
    writeFileSync(log, '');
    await here.sotto(['decrypt', 'clear.yaml'], { environment });
    expect(readFileSync(log, 'utf8')).toBe('--batch --no-tty --status-fd 2 -d ');
  });

  test('without gpg an age recipient can still be added, but nothing be rotated', async () => {
    const here = begin();
    here.write('.sops.yaml', `creation_rules:\n  - pgp: ${GRACE}\n    age: ${ALICE}\n`);
    await here.sotto(['encrypt', '-i', 'clear.yaml']);
    const before = here.read('clear.yaml');
    const [, entry = ''] = /(-----BEGIN PGP[\s\S]*END PGP MESSAGE-----)/.exec(before) ?? [];
    const environment = {
      PATH: '/nowhere',
      SOPS_AGE_KEY: readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8'),
    };
    const bob = 'age1v3h0k7ka9uru0s27rdv4aj8xghjfrujkjkv6l2cdhmz5kvn4l3jq28m95g';
    here.write('.sops.yaml', `creation_rules:\n  - pgp: ${GRACE}\n    age: ${ALICE},${bob}\n`);
    const updated = await here.sotto(['updatekeys', '--yes', 'clear.yaml'], { environment });
    expect(updated.exit).toBe(0);
    expect(here.read('clear.yaml')).toContain(entry);
    expect(here.read('clear.yaml')).toContain(bob);
    const rotated = await here.sotto(['rotate', '-i', 'clear.yaml'], { environment });
    expect(rotated.exit).toBe(1);
    expect(rotated.stderr).toContain(
      'gpg was not found; install GnuPG, or name the program in SOPS_GPG_EXEC',
    );
    expect(here.read('clear.yaml')).toContain(bob);
  });

  test('without gpg a file does not open, and says that gpg is missing', async () => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', GRACE, 'clear.yaml']);
    const { exit, stderr } = await here.sotto(['decrypt', 'clear.yaml'], {
      environment: { PATH: '/nowhere' },
    });
    expect(exit).toBe(128);
    expect(stderr).toContain(
      `…${GRACE.slice(-16)}: gpg was not found; install GnuPG, or name the program in SOPS_GPG_EXEC`,
    );
    expect(stderr).toContain('gpg: not found\n');
    expect(stderr).not.toContain('using it failed');
  });
});

describe.skipIf(GPG_MISSING !== undefined)('with keys that can not be used', () => {
  const keys: { [name: string]: string } = {};
  beforeAll(() => {
    home = startGpgHome();
    keys['expired'] = home.makeKey('expired', { expires: '1y', at: '20200101T000000' });
    keys['signing'] = home.makeKey('signing', { algorithm: 'ed25519', usage: 'sign' });
    const revoked = home.makeKey('revoked');
    const certificate = readFileSync(join(home.path, 'openpgp-revocs.d', `${revoked}.rev`), 'utf8');
    home.gpg(['--import'], certificate.replace(/^:/m, ''));
    keys['revoked'] = fingerprintOf(home.gpg, 'revoked');
  }, PATIENCE);
  afterAll(() => home.end());
  afterEach(() => session.end());

  test.each([
    ['expired', 'the key expired on 2020-12-31; ask its owner to prolong it'],
    ['revoked', 'the key was revoked; take it out of .sops.yaml'],
    ['signing', 'the key has no valid subkey for encryption; ask its owner for one'],
  ])('says that a key is %s', async (name, reason) => {
    const { exit, stderr } = await begin().sotto(['encrypt', '--pgp', keys[name] ?? '', 'clear.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(reason) });
  });
});

describe.skipIf(GPG_MISSING !== undefined)('with a secret key behind a passphrase', () => {
  let key = '';
  beforeAll(() => {
    home = startGpgHome();
    key = home.makeKey('locked', { passphrase: 'geheim' });
  }, PATIENCE);
  afterAll(() => home.end());
  afterEach(() => session.end());

  const decryptWith = async (answer: string, terminal?: string): Promise<Outcome> => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', key, 'clear.yaml']);
    home.answerWith(pinentry(answer));
    return here.sotto(['decrypt', 'clear.yaml'], terminal === undefined ? {} : { terminal });
  };

  test('the agent asks for it', async () => {
    expect(await decryptWith('echo "D geheim"; echo OK')).toEqual({ exit: 0, stdout: CLEAR, stderr: '' });
  });

  test('nobody is asked for what git shows', async () => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', key, 'clear.yaml']);
    const asked = here.path('asked');
    home.answerWith(pinentry(`touch '${asked}'; echo "D geheim"; echo OK`));
    const environment = { SOTTO_REVEAL: '1' };
    const { exit, stdout } = await here.sotto(['textconv', 'clear.yaml'], { environment });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^password: \[str 7 #\w{6}\]\n# sops: no key here opens it\n/);
    expect(existsSync(asked)).toBe(false);
    expect((await here.sotto(['decrypt', 'clear.yaml'])).stdout).toBe(CLEAR);
    expect((await here.sotto(['textconv', 'clear.yaml'], { environment })).stdout).toMatch(
      /^password: hunter2\n/,
    );
  });

  test.each([
    ['a wrong passphrase', 'echo "D falsch"; echo OK', 'gpg: wrong passphrase'],
    [
      'a canceled question',
      'echo "ERR 83886179 canceled"',
      'gpg: the question for the passphrase was canceled',
    ],
    [
      'a pinentry without a terminal',
      'echo "ERR 83918950 Inappropriate ioctl for device"',
      'gpg: pinentry has no terminal to ask for the passphrase;',
    ],
  ])('%s is the reason', async (_, answer, reason) => {
    const { exit, stdout, stderr } = await decryptWith(answer);
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(stderr).toContain(`  …${key.slice(-16)}: ${reason}`);
    expect(stderr).toContain('fix: mend what is said above');
    expect(stderr).not.toContain('falsch');
  });

  test('a missing pinentry is the reason', async () => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', key, 'clear.yaml']);
    home.answerWith('');
    writeFileSync(join(home.path, 'gpg-agent.conf'), 'pinentry-program /nowhere\n');
    const { exit, stderr } = await here.sotto(['decrypt', 'clear.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 128,
      stderr: expect.stringContaining('gpg: gpg-agent has no pinentry'),
    });
  });

  test('an agent that is not there is the reason', async () => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', key, 'clear.yaml']);
    home.answerWith('');
    writeFileSync(join(home.path, 'gpg.conf'), 'no-autostart\n');
    const { exit, stderr } = await here.sotto(['decrypt', 'clear.yaml']);
    writeFileSync(join(home.path, 'gpg.conf'), '');
    expect({ exit, stderr }).toEqual({
      exit: 128,
      stderr: expect.stringContaining('gpg: no gpg-agent running'),
    });
  });

  test('pinentry is told the terminal, unless GPG_TTY says which', async () => {
    const record = (file: string): string =>
      `echo "D geheim"; echo OK ;;\n    *ttyname*) echo "$line" >>${file}; echo OK`;
    const file = join(home.path, 'options');
    const { exit } = await decryptWith(record(file), '/dev/pts/77');
    expect({ exit, options: readFileSync(file, 'utf8') }).toEqual({
      exit: 0,
      options: 'OPTION ttyname=/dev/pts/77\n',
    });
    home.answerWith(pinentry(record(file)));
    session.write('again.yaml', session.read('clear.yaml'));
    writeFileSync(file, '');
    const environment = { GPG_TTY: '/dev/pts/88' };
    await session.sotto(['decrypt', 'again.yaml'], { environment, terminal: '/dev/pts/77' });
    expect(readFileSync(file, 'utf8')).toBe('OPTION ttyname=/dev/pts/88\n');
  });
});

describe.skipIf(GPG_MISSING !== undefined)('with a secret key and messages that need none', () => {
  const SECRET = 'x'.repeat(32);
  let key = '';
  beforeAll(() => {
    home = startGpgHome();
    key = home.makeKey('owner');
  }, PATIENCE);
  afterAll(() => home.end());
  afterEach(() => session.end());

  /** A file whose entry has another message in its place. */
  const withMessage = async (message: string): Promise<Session> => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', key, 'clear.yaml']);
    const indented = message.trim().replace(/^/gm, ' '.repeat(12));
    const planted = here
      .read('clear.yaml')
      .replace(/^ +-----BEGIN PGP[\s\S]*END PGP MESSAGE-----$/m, indented.replace(/^ +$/gm, ''));
    here.write('clear.yaml', planted);
    return here;
  };
  const decrypt = async (message: string): Promise<Outcome> => {
    const here = await withMessage(message);
    // Whatever pinentry is asked for, it gets what the message needs.
    home.answerWith(pinentry('echo "D known"; echo OK'));
    return here.sotto(['decrypt', 'clear.yaml']);
  };
  const armored = (...args: string[]): string => home.gpg(['-a', ...args, '-o', '-'], SECRET).toString();
  /** A message that gpg opens, in an armor of which the reader of its packets knows nothing. */
  const inOtherArmor = (message: string): string => message.replaceAll('PGP MESSAGE', 'PGP ARMORED FILE');

  test.each([
    ['is not encrypted', () => armored('--store'), 'not encrypted'],
    ['is signed only', () => armored('-u', key, '--sign'), 'not encrypted'],
    [
      'is encrypted with a password only',
      () => armored('--passphrase', 'known', '--symmetric'),
      'encrypted with a password only',
    ],
  ])('a message that %s opens nothing, and nobody is asked', async (_, make, reason) => {
    const { exit, stdout, stderr } = await decrypt(make());
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(stderr).toContain(`its message is ${reason}`);
    const asked = join(home.path, 'asked');
    home.answerWith(pinentry(`touch ${asked}; echo "D known"; echo OK`));
    await session.sotto(['decrypt', 'clear.yaml']);
    expect(existsSync(asked)).toBe(false);
  });

  /** gpg with some of its status lines left out, as if the message were another. */
  const without = async (kind: string): Promise<Outcome> => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', key, 'clear.yaml']);
    here.write('gpg', `#!/bin/sh\nexec 3>&1; gpg "$@" 2>&1 >&3 | grep -v 'GNUPG:. ${kind}' >&2\n`);
    chmodSync(here.path('gpg'), 0o755);
    return here.sotto(['decrypt', 'clear.yaml'], { environment: { SOPS_GPG_EXEC: here.path('gpg') } });
  };

  test('the status lines that tell of a secret key are demanded', async () => {
    expect(await without('NOTHING')).toEqual({ exit: 0, stdout: CLEAR, stderr: '' });
    for (const kind of ['DECRYPTION_KEY', 'DECRYPTION_OKAY', 'BEGIN_DECRYPTION', 'END_DECRYPTION']) {
      const { exit, stdout, stderr } = await without(kind);
      expect({ kind, exit, stdout }).toEqual({ kind, exit: 128, stdout: '' });
      expect(stderr).toContain('gpg did not say that');
      session.end();
    }
  });

  test('a message whose packets are hidden from us is opened by nothing but the key', async () => {
    for (const message of [armored('--store'), armored('--passphrase', 'known', '--symmetric')]) {
      const { exit, stdout } = await decrypt(inOtherArmor(message));
      const opened = home.gpg(['--passphrase', 'known', '-d'], inOtherArmor(message)).toString();
      expect(opened).toBe(SECRET);
      expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
      session.end();
    }
  });
});

describe.skipIf(GPG_MISSING !== undefined)('with a key of several subkeys', () => {
  let key = '';
  let subkeys: string[] = [];
  beforeAll(() => {
    home = startGpgHome();
    key = home.makeKey('several');
    home.gpg(['--quick-add-key', key, 'cv25519', 'encr', '0']);
    home.gpg(['--quick-add-key', key, 'ed25519', 'sign', '0']);
    const listing = home.gpg(['--with-colons', '--list-keys', key]).toString();
    subkeys = [...listing.matchAll(/^sub[\s\S]*?^fpr:+([0-9A-F]+):/gm)].map((match) => match[1] ?? '');
  }, PATIENCE);
  afterAll(() => home.end());
  afterEach(() => session.end());

  /** For whom gpg says that the message in a file is. */
  const recipientOf = (text: string): string => {
    const [message = ''] = /-----BEGIN PGP[\s\S]*END PGP MESSAGE-----/.exec(text) ?? [];
    const packets = home.gpg(['--list-packets'], message.replace(/^ +/gm, '')).toString();
    return /keyid ([0-9A-F]{16})/.exec(packets)?.[1] ?? '';
  };

  test('each that is named gets the message, and the file says so', async () => {
    const here = begin();
    for (const one of subkeys.slice(0, 2))
      for (const id of [one, `${one}!`, `0x${one.toLowerCase()}`, one.slice(-16)]) {
        const { exit, stdout } = await here.sotto(['encrypt', '--pgp', id, 'clear.yaml']);
        expect({ id, exit, to: recipientOf(stdout) }).toEqual({ id, exit: 0, to: one.slice(-16) });
        expect(stdout).toContain(`fp: ${id}`);
      }
  });

  test('one that can not encrypt is an error, not another one', async () => {
    const [, , signing = ''] = subkeys;
    const { exit, stdout, stderr } = await begin().sotto(['encrypt', '--pgp', signing, 'clear.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(`it is a subkey with which gpg can not encrypt (${signing}!`);
  });

  test('the key itself names whatever subkey gpg takes, also where gpg.conf hides which', async () => {
    writeFileSync(join(home.path, 'gpg.conf'), `throw-keyids\nencrypt-to ${subkeys[0]}!\n`);
    const { exit, stdout } = await begin().sotto(['encrypt', '--pgp', key, 'clear.yaml']);
    expect({ exit, fp: /fp: (\w+)/.exec(stdout)?.[1] }).toEqual({ exit: 0, fp: key });
    expect(subkeys.map((one) => one.slice(-16))).toContain(recipientOf(stdout));
    writeFileSync(join(home.path, 'gpg.conf'), `recipient ${home.makeKey('another')}\n`);
    const more = await session.sotto(['encrypt', '--pgp', key, 'clear.yaml']);
    writeFileSync(join(home.path, 'gpg.conf'), '');
    expect({ exit: more.exit, stderr: more.stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('gpg encrypted for 2 keys, not for one'),
    });
  });
});

describe.skipIf(GPG_MISSING !== undefined)('the order of kinds', () => {
  beforeAll(() => {
    home = startGpgHome();
    home.importKey('pgp-grace-rsa.sec.asc');
  }, PATIENCE);
  afterAll(() => home.end());
  afterEach(() => session.end());

  /** Whether gpg was called to open a file that an age key opens, too. */
  const callsGpg = async (
    args: readonly string[],
    environment: { [name: string]: string },
  ): Promise<boolean> => {
    const here = begin();
    await here.sotto(['encrypt', '-i', '--pgp', GRACE, '--age', ALICE, 'clear.yaml']);
    here.write('gpg', `#!/bin/sh\necho called >"${here.path('called')}"\nexec ${gpgPath()} "$@"\n`);
    chmodSync(here.path('gpg'), 0o755);
    here.write('called', '');
    const all = {
      ...environment,
      SOPS_GPG_EXEC: here.path('gpg'),
      SOPS_AGE_KEY: readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8'),
    };
    const { exit, stdout } = await here.sotto(['decrypt', ...args, 'clear.yaml'], { environment: all });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: CLEAR });
    const isCalled = here.read('called') !== '';
    here.end();
    return isCalled;
  };
  const gpgPath = (): string =>
    (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((folder) => join(folder, 'gpg'))
      .find((path) => {
        try {
          return readFileSync(path).length > 0;
        } catch {
          return false;
        }
      }) ?? 'gpg';

  test('is age before pgp when none is given', async () => {
    expect(await callsGpg([], {})).toBe(false);
  });

  test('is that of --decryption-order', async () => {
    expect(await callsGpg(['--decryption-order', 'pgp,age'], {})).toBe(true);
  });

  test('is that of SOPS_DECRYPTION_ORDER, and the flag beats it', async () => {
    expect(await callsGpg([], { SOPS_DECRYPTION_ORDER: 'pgp' })).toBe(true);
    expect(await callsGpg(['--decryption-order', 'age'], { SOPS_DECRYPTION_ORDER: 'pgp,age' })).toBe(false);
  });

  test('with a kind that repeats is status 112', async () => {
    const { exit, stderr } = await begin().sotto(['decrypt', 'clear.yaml'], {
      environment: { SOPS_DECRYPTION_ORDER: 'pgp,age,pgp' },
    });
    expect({ exit, stderr }).toEqual({
      exit: 112,
      stderr:
        'error: pgp is named twice in the decryption order\n  at clear.yaml\nfix: name each kind once, as in --decryption-order age,pgp\nexplain: sotto explain order-duplicate\n',
    });
  });
});

test('headers of an armor that never end are read once, and not again for each of their colons', () => {
  const message = `-----BEGIN PGP MESSAGE-----\n${'Comment: '.repeat(100_000)}\n!\n\n-----END PGP MESSAGE-----\n`;
  expect(sessionKeysOf(message)).toBeUndefined();
});

test('the vectors have files with PGP keys', () => {
  expect(casesOf('files').filter(({ recipients = [] }) => recipients.includes(GRACE)).length).toBeGreaterThan(
    3,
  );
});
