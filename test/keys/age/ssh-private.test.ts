import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSshIdentity, type SshKeySource } from '../../../src/keys/age/ssh/identity.ts';
import { parseSshLine, sshTag } from '../../../src/keys/age/ssh/public-key.ts';
import { VECTORS } from '../../support/cases.ts';
import { type Folder, HAS_SSH_KEYGEN, makeFolder, sshKeygen } from './peers.ts';

const source: SshKeySource = {
  name: 'key',
  passphrase: async () => 'correct horse',
  publicText: () => undefined,
};
const PLAIN = readFileSync(join(VECTORS, 'keys/ssh-ed25519'), 'utf8');
const bodyOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*/g, ''), 'base64');
const pemOf = (body: Uint8Array): string =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(body).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;

/** A key with a byte changed; negative offsets count from the end. */
function changed(at: number): string {
  const body = bodyOf(PLAIN);
  const offset = at < 0 ? body.length + at : at;
  body[offset] = (body[offset] ?? 0) ^ 1;
  return pemOf(body);
}

const parse = (text: string) => parseSshIdentity(text, source);

describe('a private key of OpenSSH', () => {
  const body = bodyOf(PLAIN);
  const point = body.indexOf('ssh-ed25519') + 'ssh-ed25519'.length + 4;

  test('is read', async () => {
    const { recipients, asks } = parse(PLAIN);
    expect({ asks, recipients: await recipients() }).toEqual({
      asks: false,
      recipients: [
        readFileSync(join(VECTORS, 'keys/ssh-ed25519.pub'), 'utf8').split(' ').slice(0, 2).join(' '),
      ],
    });
  });

  test.each<readonly [string, string, string]>([
    ['whose padding is wrong', changed(-1), 'the SSH key is damaged'],
    ['whose public halves differ', changed(point), 'do not belong together'],
    [
      'whose two check numbers differ',
      changed(body.indexOf('ssh-ed25519', point) - 5),
      'the SSH key is damaged',
    ],
    ['of another format', changed(3), 'it is no private key of OpenSSH'],
    ['with something behind it', pemOf(Buffer.concat([body, Buffer.of(1)])), 'something behind'],
    ['that is cut off', pemOf(body.subarray(0, 150)), 'cut off'],
    ['that is empty', pemOf(new Uint8Array()), 'cut off'],
    ['that says nothing', '-----BEGIN OPENSSH PRIVATE KEY-----\n', 'it is no SSH key, or is cut off'],
    [
      'of elliptic curves',
      '-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----',
      'ec private key',
    ],
    [
      'that is a public key',
      '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----',
      'the private one is needed',
    ],
    [
      'that is PEM and damaged',
      '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
      'damaged',
    ],
  ])('%s is refused', (_, text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });

  test('with Windows line ends is read', () => {
    expect(() => parse(PLAIN.replaceAll('\n', '\r\n'))).not.toThrow();
  });

  test('with a passphrase that is wrong says so', async () => {
    for (const name of ['ssh-ed25519-passphrase', 'ssh-rsa-passphrase']) {
      const text = readFileSync(join(VECTORS, 'keys', name), 'utf8');
      const key = parseSshIdentity(text, { ...source, passphrase: async () => 'wrong' });
      const [line = ''] = await key.recipients();
      const stanza = {
        type: line.split(' ')[0] ?? '',
        args: [sshTag(parseSshLine(line))],
        body: Buffer.alloc(32),
      };
      await expect(key.unwrap([stanza])).rejects.toThrow(new Error('the passphrase is wrong'));
    }
  });
});

describe.skipIf(!HAS_SSH_KEYGEN)('what ssh-keygen makes', () => {
  let folder: Folder;
  beforeAll(() => {
    folder = makeFolder();
  });
  afterAll(() => folder.remove());

  test('with a cipher that is not AES is refused, with the way to change it', async () => {
    sshKeygen(
      folder.path('chacha'),
      '-t',
      'ed25519',
      '-a',
      '2',
      '-N',
      'x',
      '-Z',
      'chacha20-poly1305@openssh.com',
    );
    const key = parseSshIdentity(folder.read('chacha'), source);
    const tag = sshTag(parseSshLine(folder.read('chacha.pub')));
    const stanza = { type: 'ssh-ed25519', args: [tag], body: Buffer.alloc(32) };
    await expect(key.unwrap([stanza])).rejects.toThrow('ssh-keygen -p -Z aes256-ctr -f FILE');
  });

  test('of another type is refused', () => {
    sshKeygen(folder.path('ecdsa'), '-t', 'ecdsa', '-N', '');
    expect(() => parse(folder.read('ecdsa'))).toThrow('"ecdsa-sha2-nistp256" can\'t be used');
  });

  test('as an old PEM with a passphrase needs its public half, and the right one', async () => {
    for (const name of ['one', 'other'])
      sshKeygen(folder.path(name), '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'correct horse');
    expect(() => parse(folder.read('one'))).toThrow('key.pub is not there to tell what it is for');
    expect(() => parseSshIdentity(folder.read('one'), { ...source, publicText: () => 'ssh-rsa x' })).toThrow(
      'key.pub: ',
    );
    const publicText = () => folder.read('other.pub');
    const key = parseSshIdentity(folder.read('one'), { ...source, publicText });
    const tag = sshTag(parseSshLine(publicText()));
    const stanza = { type: 'ssh-rsa', args: [tag], body: Buffer.alloc(256) };
    await expect(key.unwrap([stanza])).rejects.toThrow('key.pub does not belong to key');
  });
});
