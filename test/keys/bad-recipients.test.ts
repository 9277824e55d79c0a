import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VECTORS } from '../support/cases.ts';
import { type Session, startSession } from '../support/session.ts';

const ALICE = 'age1nxq87ktqcmpjsx7mdw5ftsfmuy4z4dw7y5sz0kaa8y89lxnmsu0qz2qtrl';
const GRACE = '306ED035E2561CD2A86B9A9C38870239D9C2D972';
const PRIVATE_KEY = readFileSync(join(VECTORS, 'keys/pgp-grace-rsa.sec.asc'), 'utf8');
const PUBLIC_KEY = readFileSync(join(VECTORS, 'keys/pgp-grace-rsa.pub.asc'), 'utf8');
const SSH_KEY = readFileSync(join(VECTORS, 'keys/ssh-ed25519'), 'utf8');
const IDENTITY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8').trim().split('\n').at(-1) ?? '';

let session: Session;
beforeEach(() => {
  session = startSession();
  session.write('f.yaml', 'a: 1\n');
});
afterEach(() => session.end());

describe('a PGP fingerprint', () => {
  test.each([
    ['with a digit too few', GRACE.slice(1), 'it has 39 hex digits, not 40'],
    ['with a digit too many', `${GRACE}0`, 'it has 41 hex digits, not 40'],
    ['with the letter O for a zero', GRACE.replace('0', 'O'), 'its character 2, "O", is no hex digit'],
    ['as a short key id', GRACE.slice(-8), 'it has 8 hex digits, not 40'],
    [
      'as an e-mail address',
      'grace@example.test',
      'it is an e-mail address, and anybody can make a key with that',
    ],
    ['that could be an option of gpg', '--output=/tmp/x', 'its character 1, "-", is no hex digit'],
  ])('%s is refused, with what is wrong', async (_, given, problem) => {
    const { exit, stdout, stderr } = await session.sotto(['encrypt', `--pgp=${given}`, 'f.yaml'], {
      environment: { PATH: '/nowhere' },
    });
    expect({ exit, stdout, stderr }).toEqual({
      exit: 1,
      stdout: '',
      stderr: expect.stringContaining(`malformed PGP fingerprint "${given}": ${problem}`),
    });
    expect(stderr).toMatch(/fix: .*gpg --list-keys/);
  });

  test('as a whole public key says how to get the fingerprint', async () => {
    const { exit, stderr } = await session.sotto(['encrypt', '--pgp', PUBLIC_KEY, 'f.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringMatching(
        /^error: malformed PGP fingerprint: it is a key, not the fingerprint of one\n.*\nfix: import the key \(gpg --import FILE\).*gpg --show-keys FILE/,
      ),
    });
  });
});

describe('a private key in the place of a recipient', () => {
  test.each([
    ['PGP', '--pgp', PRIVATE_KEY, 'a PGP private key'],
    ['SSH', '--age', SSH_KEY, 'a private key'],
    ['age', '--age', IDENTITY, 'an age identity'],
    ['age, under pgp', '--pgp', IDENTITY, 'an age identity'],
    ['age in lower case', '--age', IDENTITY.toLowerCase(), 'an age identity'],
    ['age plugin', '--age', 'AGE-PLUGIN-YUBIKEY-1QGPSYQQZQPJXXXX', 'an age plugin identity'],
    ['PGP, for the cloud', '--kms', PRIVATE_KEY, 'a PGP private key'],
  ])('(%s) is refused, and not repeated', async (_, flag, key, what) => {
    for (const args of [
      ['encrypt', flag, key, 'f.yaml'],
      ['groups', 'add', '-f', 'f.yaml', flag, key],
    ]) {
      const { exit, stdout, stderr } = await session.sotto(args);
      expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
      const lines = key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
      for (const line of lines) expect(stderr.toLowerCase()).not.toContain(line.toLowerCase());
      if (args[0] === 'encrypt') expect(stderr).toContain(`${what} stands in the place of a recipient`);
    }
  });

  test('in .sops.yaml is named by its line only', async () => {
    session.write('.sops.yaml', `creation_rules:\n  - age:\n      - ${ALICE}\n      - ${IDENTITY}\n`);
    const { exit, stderr } = await session.sotto(['encrypt', 'f.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain(`  at ${session.path('.sops.yaml')}:4:9\n`);
    expect(stderr).not.toContain(IDENTITY.slice(20));
  });
});

describe('a bad recipient in .sops.yaml is named with its line', () => {
  test.each([
    ['in a list', `creation_rules:\n  - pgp:\n      - ${GRACE}\n      - 306E\n`, '4:9'],
    ['between commas', `creation_rules:\n  - path_regex: x\n  - pgp: "${GRACE}, 306E"\n`, '3:53'],
    ['in a folded text', `creation_rules:\n  - pgp: >-\n      ${GRACE},\n      306E\n`, '4:7'],
    [
      'in a key group',
      `creation_rules:\n  - key_groups:\n      - age: [${ALICE}]\n      - pgp:\n          - 306E\n`,
      '5:13',
    ],
    [
      'in a merged group',
      `shared: &shared\n  pgp:\n    - 306E\ncreation_rules:\n  - key_groups:\n      - merge:\n          - *shared\n`,
      '3:7',
    ],
  ])('%s', async (_, config, line) => {
    session.write('.sops.yaml', config);
    const { exit, stderr } = await session.sotto(['encrypt', 'f.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining(
        `malformed PGP fingerprint "306E": it has 4 hex digits, not 40\n  at ${session.path('.sops.yaml')}:${line}\n`,
      ),
    });
  });

  test('by updatekeys, too', async () => {
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n`);
    await session.sotto(['encrypt', '-i', 'f.yaml']);
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n    pgp: 306E\n`);
    const { exit, stderr } = await session.sotto(['updatekeys', '-y', 'f.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining(`${session.path('.sops.yaml')}:3:10\n`),
    });
  });
});

describe('a name of another kind', () => {
  test.each([
    ['--pgp', ALICE, 'it looks like an age recipient, which belongs into the field age'],
    [
      '--pgp',
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAU9',
      'it looks like an age recipient, which belongs into the field age',
    ],
    ['--age', GRACE, 'it looks like a PGP fingerprint, which belongs into the field pgp'],
    [
      '--pgp',
      'arn:aws:kms:eu-west-1:1:key/1',
      'it looks like an AWS KMS key, which belongs into the field kms',
    ],
    [
      '--age',
      'projects/p/locations/l/keyRings/r/cryptoKeys/k',
      'it looks like a GCP KMS key, which belongs into the field gcp_kms',
    ],
    [
      '--pgp',
      'https://x.vault.azure.net/keys/k/1',
      'it looks like an Azure Key Vault key, which belongs into the field azure_keyvault',
    ],
    [
      '--age',
      'https://vault.example.org:8200/v1/transit/keys/k',
      'it looks like a Vault key, which belongs into the field hc_vault_transit_uri',
    ],
  ])('given to %s is recognised: %s', async (flag, name, hint) => {
    const { exit, stderr } = await session.sotto(['encrypt', flag, name, 'f.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(`fix: ${hint}`) });
  });
});
