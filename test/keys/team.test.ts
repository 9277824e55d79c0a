import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Encrypter } from 'age-encryption';
import { afterEach, describe, expect, test } from 'vitest';
import { newIdentityFile } from '../../src/keys/age/identity.ts';
import { VECTORS } from '../support/cases.ts';
import { GPG_MISSING, type GpgHome, startGpgHome } from '../support/gpg.ts';
import { type Session, startSession, type World } from '../support/session.ts';
import { HAS_SSH_KEYGEN, sshKeygen } from './age/peers.ts';

let here: Session | undefined;
const homes: GpgHome[] = [];
afterEach(() => {
  here?.end();
  for (const home of homes.splice(0)) home.end();
});

if (GPG_MISSING !== undefined) console.info(GPG_MISSING);

describe.skipIf(GPG_MISSING !== undefined || !HAS_SSH_KEYGEN)('a team of three', () => {
  test('opens each file with an SSH key, a PGP key, and an age key behind a passphrase', async () => {
    const session = startSession();
    here = session;
    sshKeygen(session.path('ann'), '-t', 'ed25519', '-N', '');
    const [ben, everybody] = [startGpgHome(), startGpgHome()];
    homes.push(ben, everybody);
    ben.importKey('pgp-grace-rsa.sec.asc');
    everybody.importKey('pgp-grace-rsa.pub.asc');
    const fingerprint = '306ED035E2561CD2A86B9A9C38870239D9C2D972';
    const cleo = await newIdentityFile(new Date(0));
    const encrypter = new Encrypter();
    encrypter.setPassphrase('four words of hers');
    encrypter.setScryptWorkFactor(10);
    writeFileSync(session.path('cleo.age'), await encrypter.encrypt(cleo.text));

    session.write(
      '.sops.yaml',
      `creation_rules:\n  - age:\n      - ${session.read('ann.pub').trim()}\n      - ${cleo.recipient} # cleo\n    pgp: ${fingerprint} # ben\n`,
    );
    const plain = readFileSync(join(VECTORS, 'files/real-helm-values/clear.yaml'), 'utf8');
    session.write('secrets.yaml', plain);
    const made = await session.sotto(['encrypt', '-i', 'secrets.yaml'], {
      environment: { GNUPGHOME: everybody.path },
    });
    expect(made).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(session.read('secrets.yaml')).not.toBe(plain);

    const people: readonly (readonly [string, World])[] = [
      ['ann', { environment: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: session.path('ann'), GNUPGHOME: '/nowhere' } }],
      ['ben', { environment: { GNUPGHOME: ben.path } }],
      [
        'cleo',
        {
          environment: { SOPS_AGE_KEY_FILE: session.path('cleo.age'), GNUPGHOME: '/nowhere' },
          askSecret: () => 'four words of hers',
        },
      ],
    ];
    for (const [name, world] of people) {
      const opened = await session.sotto(['decrypt', 'secrets.yaml'], world);
      expect({ name, ...opened }).toEqual({ name, exit: 0, stdout: plain, stderr: '' });
    }
    const stranger = await session.sotto(['decrypt', 'secrets.yaml'], {
      environment: { GNUPGHOME: everybody.path },
    });
    expect(stranger).toMatchObject({ exit: 128, stdout: '' });
    for (const id of [cleo.recipient.slice(0, 9), fingerprint.slice(-16), 'ssh-ed25519 …'])
      expect(stranger.stderr).toContain(id);
  });
});
