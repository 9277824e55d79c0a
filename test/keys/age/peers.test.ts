import { randomBytes } from 'node:crypto';
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { armor, dearmor } from '../../../src/keys/age/armor.ts';
import { newIdentityFile } from '../../../src/keys/age/identity.ts';
import { parseIdentities } from '../../../src/keys/age/identity-file.ts';
import { ageRecipient } from '../../../src/keys/age/recipient.ts';
import {
  AGE_IS_HYBRID,
  AGE_VERSION,
  ageDecrypt,
  ageEncrypt,
  type Folder,
  HAS_SSH_KEYGEN,
  makeFolder,
  sshKeygen,
} from './peers.ts';
import { session } from './ssh-world.ts';

const DATA_KEY = Uint8Array.from(randomBytes(32));

let folder: Folder;
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => folder.remove());

/** What we write for a recipient: the whole entry is its recipient and an armored age file. */
async function wrap(recipient: string): Promise<string> {
  const { kind, fields } = await (await ageRecipient(recipient)).wrap(DATA_KEY);
  expect(kind).toBe('age');
  expect(Object.keys(fields).sort()).toEqual(['enc', 'recipient']);
  expect(fields['recipient']).toBe(recipient);
  return String(fields['enc']);
}

async function unwrap(identity: string, enc: string, passphrase?: () => Promise<string>) {
  const entry = { kind: 'age', fields: { recipient: '', enc } };
  for (const one of parseIdentities(identity, 'test', passphrase)) {
    const dataKey = await one.unwrap(entry);
    if (dataKey !== null) return Uint8Array.from(dataKey);
  }
  return null;
}

describe('the JavaScript implementation of age', () => {
  test.each(['x25519', 'hybrid'] as const)(
    'opens what we write for %s, and we what it writes',
    async (kind) => {
      const { text, recipient } = await newIdentityFile(new Date(0), kind);
      const identity = text.trim().split('\n').at(-1) ?? '';
      expect(await identityToRecipient(identity)).toBe(recipient);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      expect(await decrypter.decrypt(dearmor(await wrap(recipient)))).toEqual(DATA_KEY);
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      expect(await unwrap(text, armor(await encrypter.encrypt(DATA_KEY)))).toEqual(DATA_KEY);
    },
  );

  test('makes post-quantum identities that have the same recipient here', async () => {
    const identity = await generateHybridIdentity();
    const [own] = parseIdentities(identity, 'test');
    expect(await own?.key.recipients()).toEqual([await identityToRecipient(identity)]);
  });

  test('protects identities with a passphrase, which open here', async () => {
    const { text, recipient } = await newIdentityFile(new Date(0));
    const encrypter = new Encrypter();
    encrypter.setPassphrase('correct horse');
    encrypter.setScryptWorkFactor(10);
    const protectedFile = armor(await encrypter.encrypt(text));
    let asked = 0;
    const passphrase = async (): Promise<string> => {
      asked += 1;
      return 'correct horse';
    };
    const [identity] = parseIdentities(protectedFile, 'test', passphrase);
    for (let time = 0; time < 3; time += 1) {
      const entry = { kind: 'age', fields: { recipient, enc: await wrap(recipient) } };
      expect(Uint8Array.from((await identity?.unwrap(entry)) ?? [])).toEqual(DATA_KEY);
    }
    expect(asked).toBe(1);
  });
});

if (AGE_VERSION === undefined) console.info('skipped: the program age is not installed');
else if (!AGE_IS_HYBRID)
  console.info(`skipped: post-quantum keys with age ${AGE_VERSION}, which does not know them`);

describe.skipIf(AGE_VERSION === undefined)('the program age', () => {
  test.each(AGE_IS_HYBRID ? (['x25519', 'hybrid'] as const) : (['x25519'] as const))(
    'opens what we write for %s, and we what it writes',
    async (kind) => {
      const { text, recipient } = await newIdentityFile(new Date(0), kind);
      const file = folder.write(`${kind}.txt`, text);
      expect(Uint8Array.from(ageDecrypt(file, await wrap(recipient)))).toEqual(DATA_KEY);
      expect(await unwrap(text, ageEncrypt(recipient, DATA_KEY))).toEqual(DATA_KEY);
    },
  );
});

if (!HAS_SSH_KEYGEN) console.info('skipped: ssh-keygen is not installed');

/** Every form in which ssh-keygen writes keys that age takes; few rounds, so that the tests are quick. */
const SSH_KEYS: readonly (readonly [name: string, passphrase: string, options: readonly string[]])[] = [
  ['ed25519', '', ['-t', 'ed25519']],
  ['rsa', '', ['-t', 'rsa', '-b', '2048']],
  ['rsa-3072', '', ['-t', 'rsa', '-b', '3072']],
  ['rsa-pem', '', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ['rsa-pkcs8', '', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
  ['ed25519-default', 'correct horse', ['-t', 'ed25519', '-a', '4']],
  ['rsa-default', 'correct horse', ['-t', 'rsa', '-b', '2048', '-a', '4']],
  ...['aes128-ctr', 'aes256-ctr', 'aes256-cbc', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'].map(
    (cipher) => [`ed25519-${cipher}`, 'pässwörd', ['-t', 'ed25519', '-a', '2', '-Z', cipher]] as const,
  ),
  ['rsa-pem-protected', 'correct horse', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ['rsa-pkcs8-protected', 'correct horse', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
];

describe.skipIf(!HAS_SSH_KEYGEN)('SSH keys of ssh-keygen', () => {
  test.each(SSH_KEYS)('%s opens what was written for it', async (name, passphrase, options) => {
    const path = folder.path(name);
    sshKeygen(path, '-N', passphrase, ...options);
    const recipient = folder.read(`${name}.pub`).trim();
    const enc = await wrap(recipient);
    const asked = session(path, passphrase);
    expect(await asked.unwrap(enc)).toEqual(DATA_KEY);
    expect(await asked.unwrap(enc)).toEqual(DATA_KEY);
    expect(asked.questions()).toBe(passphrase === '' ? 0 : 1);
    if (AGE_VERSION === undefined) return;
    const fromAge = ageEncrypt(recipient, DATA_KEY);
    expect(await asked.unwrap(fromAge)).toEqual(DATA_KEY);
    if (passphrase === '') expect(Uint8Array.from(ageDecrypt(path, enc))).toEqual(DATA_KEY);
  });
});
