import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Encrypter } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { armor } from '../../../src/keys/age/armor.ts';
import { newIdentityFile } from '../../../src/keys/age/identity.ts';
import { ageProvider } from '../../../src/keys/age/provider.ts';
import { NO_HOST } from '../../../src/keys/host.ts';
import { VECTORS } from '../../support/cases.ts';
import { type Outcome, type Session, startSession, type World } from '../../support/session.ts';

let here: Session;
beforeEach(() => {
  here = startSession();
  here.write('plain.yaml', 'a: 1\n');
});
afterEach(() => here.end());

const vector = (name: string): string => readFileSync(join(VECTORS, 'keys', name), 'utf8');

async function encryptFor(...recipients: readonly string[]): Promise<void> {
  const { exit, stdout, stderr } = await here.sotto(['encrypt', '--age', recipients.join(','), 'plain.yaml']);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  here.write('file.yaml', stdout);
}

const decrypt = (environment: { readonly [name: string]: string }, world: World = {}): Promise<Outcome> =>
  here.sotto(['decrypt', 'file.yaml'], { ...world, environment });

function put(path: string, text: string, mode = 0o600): string {
  const target = here.path(path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  chmodSync(target, mode);
  return target;
}

const OPENS = { exit: 0, stdout: 'a: 1\n', stderr: '' };

describe('an SSH key', () => {
  const recipient = vector('ssh-ed25519.pub').trim();

  test.each([
    ['~/.ssh/id_ed25519', 'ssh-ed25519'],
    ['~/.ssh/id_rsa', 'ssh-rsa'],
  ])('is found in %s', async (path, name) => {
    await encryptFor(vector(`${name}.pub`).trim());
    put(path.replace('~', 'home'), vector(name));
    expect(await decrypt({ HOME: here.path('home') })).toEqual(OPENS);
  });

  test('is what a command prints, which gets the recipient', async () => {
    await encryptFor(recipient);
    const key = put('key', vector('ssh-ed25519'));
    const script = put(
      'print.sh',
      `#!/bin/sh\necho "$SOPS_AGE_RECIPIENT" >>'${here.path('log')}'\ncat '${key}'\n`,
      0o700,
    );
    expect(await decrypt({ SOPS_AGE_SSH_PRIVATE_KEY_CMD: script })).toEqual(OPENS);
    expect(here.read('log').trim()).toBe(recipient);
  });

  test('may also stand in an identity file', async () => {
    await encryptFor(recipient);
    expect(await decrypt({ SOPS_AGE_KEY_FILE: put('key', vector('ssh-ed25519')) })).toEqual(OPENS);
    expect(await decrypt({ SOPS_AGE_KEY: vector('ssh-ed25519') })).toEqual(OPENS);
  });

  test('with a passphrase is asked about only when the file is for it', async () => {
    const asked: string[] = [];
    const askSecret = (question: string): string => {
      asked.push(question);
      return 'correct horse';
    };
    const path = put('key', vector('ssh-ed25519-passphrase'));
    const environment = { SOPS_AGE_SSH_PRIVATE_KEY_FILE: path };
    await encryptFor(recipient);
    expect((await decrypt(environment, { askSecret })).exit).toBe(128);
    expect(asked).toEqual([]);
    await encryptFor(vector('ssh-ed25519-passphrase.pub').trim());
    expect(await decrypt(environment, { askSecret })).toEqual(OPENS);
    expect(asked).toEqual([`Enter passphrase for ${path}: `]);
  });

  test('with a passphrase is not asked about while another key opens the file', async () => {
    const { text, recipient: mine } = await newIdentityFile(new Date(0));
    await encryptFor(vector('ssh-ed25519-passphrase.pub').trim(), mine);
    const asked: string[] = [];
    const askSecret = (question: string): undefined => void asked.push(question);
    const environment = {
      SOPS_AGE_SSH_PRIVATE_KEY_FILE: join(VECTORS, 'keys/ssh-ed25519-passphrase'),
      SOPS_AGE_KEY: text,
    };
    expect(await decrypt(environment, { askSecret })).toEqual(OPENS);
    expect(asked).toEqual([]);
  });

  test('with a wrong passphrase says so, and is not asked about again', async () => {
    await encryptFor(vector('ssh-ed25519-passphrase.pub').trim());
    let asked = 0;
    const askSecret = (): string => {
      asked += 1;
      return 'wrong';
    };
    const environment = { SOPS_AGE_SSH_PRIVATE_KEY_FILE: join(VECTORS, 'keys/ssh-ed25519-passphrase') };
    mkdirSync(here.path('many'));
    for (const name of ['a', 'b', 'c']) writeFileSync(here.path(`many/${name}.yaml`), here.read('file.yaml'));
    const { exit, stderr } = await here.sotto(['rotate', '-i', 'many'], { environment, askSecret });
    expect(exit).toBe(1);
    expect(stderr.match(/the passphrase is wrong/g)).toHaveLength(1);
    expect(asked).toBe(1);
    expect(stderr).not.toContain('wrong"');
  });

  test('with a passphrase and no terminal says what is missing', async () => {
    await encryptFor(vector('ssh-ed25519-passphrase.pub').trim());
    const { exit, stderr } = await decrypt({
      SOPS_AGE_SSH_PRIVATE_KEY_FILE: join(VECTORS, 'keys/ssh-ed25519-passphrase'),
    });
    expect(exit).toBe(128);
    expect(stderr.replace(/\n +\| /g, ' ')).toContain(
      'it is protected with a passphrase, and there is no terminal to ask for it',
    );
  });

  test('is the same recipient with another comment', async () => {
    await encryptFor(`${recipient} alice@laptop`);
    here.write(
      '.sops.yaml',
      `creation_rules:\n  - age: "${recipient.split(' ').slice(0, 2).join(' ')} alice@desk"\n`,
    );
    const { exit, stderr } = await here.sotto(['updatekeys', '--check', 'file.yaml']);
    expect({ exit, stderr: stderr.replace(here.folder, '') }).toEqual({
      exit: 0,
      stderr: 'File /file.yaml already up to date\n',
    });
  });
});

describe('among the credentials of a service', () => {
  const credentials = (): { readonly [name: string]: string } => ({
    CREDENTIALS_DIRECTORY: here.path('credentials'),
  });

  test.each(['sotto-key', 'age-key'])('a key is found as %s, but for sops', async (name) => {
    const { text, recipient } = await newIdentityFile(new Date(0));
    await encryptFor(recipient);
    put(`credentials/${name}`, text);
    expect(await decrypt(credentials())).toEqual(OPENS);
    expect(await decrypt(credentials(), { program: 'sops' })).toMatchObject({ exit: 128, stdout: '' });
    expect(await decrypt({ CREDENTIALS_DIRECTORY: 'credentials' })).toMatchObject({ exit: 128 });
  });

  test('an SSH key is one, and one that is damaged is named', async () => {
    await encryptFor(vector('ssh-ed25519.pub').trim());
    const path = put('credentials/sotto-key', vector('ssh-ed25519'));
    expect(await decrypt(credentials())).toEqual(OPENS);
    put('credentials/sotto-key', 'AGE-SECRET-KEY-1\n');
    const { exit, stderr } = await decrypt(credentials());
    expect(exit).toBe(128);
    expect(stderr).toContain(`${path}: line 1`);
  });
});

describe('identities with a passphrase', () => {
  async function protect(text: string, passphrase: string): Promise<Uint8Array> {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(8);
    return encrypter.encrypt(text);
  }

  test('open from every place, binary and armored, and are asked about once a run', async () => {
    const { text, recipient } = await newIdentityFile(new Date(0));
    await encryptFor(recipient, recipient);
    const binary = await protect(text, 'pässwörd');
    writeFileSync(here.path('binary.age'), binary);
    writeFileSync(here.path('armored.age'), armor(binary));
    const user = put('config/sops/age/keys.txt', armor(binary));
    const places: readonly { readonly [name: string]: string }[] = [
      { SOPS_AGE_KEY_FILE: here.path('binary.age') },
      { SOPS_AGE_KEY_FILE: here.path('armored.age') },
      { SOPS_AGE_KEY: armor(binary) },
      { SOPS_AGE_KEY_CMD: `cat ${here.path('binary.age')}` },
      { SOPS_AGE_KEY_CMD: `cat ${here.path('armored.age')}` },
      { XDG_CONFIG_HOME: dirname(dirname(dirname(user))) },
    ];
    for (const environment of places) {
      let asked = 0;
      const askSecret = (): string => {
        asked += 1;
        return 'pässwörd';
      };
      expect(await decrypt(environment, { askSecret })).toEqual(OPENS);
      expect(asked).toBe(1);
    }
  });

  test('are not asked about while a key without one opens the file, whichever entry that is', async () => {
    const [mine, other] = [await newIdentityFile(new Date(0)), await newIdentityFile(new Date(0))];
    await encryptFor(other.recipient, mine.recipient);
    const environment = {
      SOPS_AGE_KEY: armor(await protect(other.text, 'x')),
      SOPS_AGE_KEY_FILE: put('mine.txt', mine.text),
    };
    const asked: string[] = [];
    const askSecret = (question: string): undefined => void asked.push(question);
    expect(await decrypt(environment, { askSecret })).toEqual(OPENS);
    expect(asked).toEqual([]);
  });

  test('that take more work than age allows are refused before anybody is asked', async () => {
    const { text, recipient } = await newIdentityFile(new Date(0));
    await encryptFor(recipient);
    const heavy = Buffer.from(await protect(text, 'x'))
      .toString('latin1')
      .replace(/(-> scrypt \S+) 8/, '$1 23');
    const environment = { SOPS_AGE_KEY: armor(Buffer.from(heavy, 'latin1')) };
    const asked: string[] = [];
    const askSecret = (question: string): undefined => void asked.push(question);
    const { exit, stderr } = await decrypt(environment, { askSecret });
    expect(exit).toBe(128);
    expect(asked).toEqual([]);
    expect(stderr.replace(/\n +\| /g, ' ')).toContain("scrypt's work factor is 23, and 22 is the most");
  });

  test('that are encrypted for a recipient instead say so', async () => {
    const { text, recipient } = await newIdentityFile(new Date(0));
    await encryptFor(recipient);
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const { exit, stderr } = await decrypt({ SOPS_AGE_KEY: armor(await encrypter.encrypt(text)) });
    expect(exit).toBe(128);
    expect(stderr).toContain('it is encrypted, but not with a passphrase');
  });

  test('show their recipients in keygen --show', async () => {
    const { text, recipient } = await newIdentityFile(new Date(0));
    writeFileSync(here.path('key.age'), await protect(text, 'x'));
    const shown = await here.sotto(['keygen', '--show', 'key.age'], { askSecret: () => 'x' });
    expect(shown).toEqual({ exit: 0, stdout: `${recipient}\n`, stderr: '' });
  });
});

describe('a post-quantum key', () => {
  test('is made by keygen --pq, as by age-keygen -pq, and opens its files', async () => {
    const made = await here.sotto(['keygen', '-pq', '--output', 'pq.txt']);
    expect(made).toMatchObject({ exit: 0, stderr: '' });
    expect(made.stdout).toMatch(/^age1pq1[a-z0-9]{1952}\n$/);
    expect(here.read('pq.txt')).toMatch(
      /^# created: .*\n# public key: age1pq1\w+\nAGE-SECRET-KEY-PQ-1\w+\n$/,
    );
    await encryptFor(made.stdout.trim());
    expect(await decrypt({ SOPS_AGE_KEY_FILE: here.path('pq.txt') })).toEqual(OPENS);
    const shown = await here.sotto(['keygen', '--show', 'pq.txt']);
    expect(shown.stdout).toBe(made.stdout);
  });

  test('beside a classic one gets one warning that says what that means', async () => {
    const [pq, classic] = [await newIdentityFile(new Date(0), 'hybrid'), await newIdentityFile(new Date(0))];
    const list = `${pq.recipient},${classic.recipient}`;
    const { exit, stderr } = await here.sotto(['encrypt', '--age', list, 'plain.yaml']);
    expect(exit).toBe(0);
    expect(stderr.match(/warning:/g)).toHaveLength(1);
    expect(stderr).toContain('a quantum computer could open the file');
    expect((await here.sotto(['encrypt', '--age', pq.recipient, 'plain.yaml'])).stderr).toBe('');
  });
});

test('a thousand entries take one look at the places, and one command for each recipient', async () => {
  const { text, recipient } = await newIdentityFile(new Date(0));
  const counts = { reads: 0, commands: 0 };
  const use = ageProvider({
    ...NO_HOST,
    home: '/home/alice',
    environment: { SOPS_AGE_KEY: text, SOPS_AGE_KEY_FILE: '/keys.txt', SOPS_AGE_KEY_CMD: 'print' },
    readBytes: () => {
      counts.reads += 1;
      return undefined;
    },
    runCommand: async () => {
      counts.commands += 1;
      return Buffer.from(text);
    },
  });
  const entry = await await (await use.recipient(recipient)).wrap(new Uint8Array(32));
  for (let file = 0; file < 1000; file += 1) {
    const [identity] = await use.identitiesFor({ ...entry });
    expect(await identity?.unwrap(entry)).toHaveLength(32);
  }
  expect(counts).toEqual({ reads: 2, commands: 1 });
});
