import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeBech32, encodeBech32 } from '../../../src/keys/age/bech32.ts';
import { ed25519Wire, rsaWire, sshString } from '../../../src/keys/age/ssh/public-key.ts';
import { type Outcome, type Session, startSession } from '../../support/session.ts';

let here: Session;
beforeEach(() => {
  here = startSession();
  here.write('plain.yaml', 'password: hunter2\n');
});
afterEach(() => here.end());

const SECRET = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
const HYBRID = encodeBech32('age1pq', new Uint8Array(1216).fill(7));
const HYBRID_SECRET = encodeBech32('age-secret-key-pq-', new Uint8Array(32).fill(7)).toUpperCase();
const PLUGIN_SECRET = encodeBech32('age-plugin-yubikey-', Buffer.from('serial')).toUpperCase();
const POINT = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const SSH = `ssh-ed25519 ${base64(ed25519Wire(POINT))}`;
const PRIVATE_KEY =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n';

/** The text with another character, of the same case. */
function mistyped(text: string, at: number): string {
  const other = text[at]?.toLowerCase() === 'q' ? 'p' : 'q';
  const char = text === text.toUpperCase() ? other.toUpperCase() : other;
  return `${text.slice(0, at)}${char}${text.slice(at + 1)}`;
}

describe('a recipient', () => {
  const encrypt = (recipient: string): Promise<Outcome> =>
    here.sotto(['encrypt', '--age', recipient, 'plain.yaml']);

  test.each([
    ['with blanks around it', ` ${RECIPIENT}\t`],
    ['with a Windows line end', `${RECIPIENT}\r\n`],
    ['that is post-quantum', HYBRID],
    ['that is an SSH key', SSH],
    ['that is an SSH key with a comment', `${SSH} alice@laptop`],
  ])('%s is fine', async (name, recipient) => {
    const { exit, stderr } = await encrypt(recipient);
    // All bytes alike are a key of ML-KEM that nobody has, but a key.
    expect({ exit, stderr }, name).toEqual({ exit: 0, stderr: '' });
  });

  test.each<readonly [string, string, string]>([
    ['mistyped', mistyped(RECIPIENT, 20), 'its checksum does not fit'],
    [
      'of mixed case',
      `${RECIPIENT.slice(0, 30)}${RECIPIENT.slice(30).toUpperCase()}`,
      'upper and lower case are mixed',
    ],
    ['in upper case', RECIPIENT.toUpperCase(), 'age recipients are written in lower case'],
    ['cut off', RECIPIENT.slice(0, 40), 'its checksum does not fit'],
    ['cut off at once', 'age1', 'it is cut off, or no Bech32 at all'],
    ['with a character of no Bech32', `${RECIPIENT.slice(0, 20)}b${RECIPIENT.slice(21)}`, 'does not know'],
    ['with a blank in it', `${RECIPIENT.slice(0, 20)} ${RECIPIENT.slice(20)}`, 'does not know'],
    ['of the wrong length', encodeBech32('age', new Uint8Array(31)), 'it holds 31 bytes instead of 32'],
    ['post-quantum and mistyped', mistyped(HYBRID, 900), 'its checksum does not fit'],
    ['post-quantum and cut off', HYBRID.slice(0, 900), 'its checksum does not fit'],
    [
      'post-quantum and too short',
      encodeBech32('age1pq', new Uint8Array(1215)),
      '1215 bytes instead of 1216',
    ],
    ['of another kind', encodeBech32('ages', new Uint8Array(32)), 'is no age recipient'],
    ['quoted twice', `"${RECIPIENT}"`, 'leave out the quotation marks'],
    ['a PGP fingerprint', '306ED035E2561CD2A86B9A9C3F9A3B5F0A1B2C3D', 'it looks like a PGP fingerprint'],
    ['a KMS key', 'arn:aws:kms:eu-west-1:1234:key/abc', 'it looks like an AWS KMS key'],
    ['at GitHub', 'https://github.com/alice.keys', 'keys are not fetched'],
    ['an SSH key of another type', 'ecdsa-sha2-nistp256 AAAAE2VjZHNh', 'ssh-ed25519 and ssh-rsa only'],
    ['an SSH key without its key', 'ssh-ed25519', 'the base64 part is missing'],
    ['an SSH key that is cut off', SSH.slice(0, -8), 'the SSH key is cut off'],
    ['an SSH key that is damaged', `${SSH.slice(0, -4)}!AAA`, 'its base64 part is damaged'],
    [
      'an SSH key with something behind it',
      `ssh-ed25519 ${base64(Buffer.concat([ed25519Wire(POINT), Buffer.of(0)]))}`,
      'something behind',
    ],
    [
      'an SSH key of another type than it says',
      SSH.replace('ssh-ed25519', 'ssh-rsa'),
      'a key of another type: ssh-ed25519',
    ],
    [
      'an SSH key that is no point',
      `ssh-ed25519 ${base64(ed25519Wire(new Uint8Array(32).fill(2)))}`,
      'no valid Ed25519 public key',
    ],
    ['an SSH key of low order', `ssh-ed25519 ${base64(ed25519Wire(new Uint8Array(32)))}`, 'low order'],
    [
      'a short RSA key',
      `ssh-rsa ${base64(rsaWire(new Uint8Array(128).fill(255), Buffer.of(1, 0, 1)))}`,
      'fewer than 2048 bits',
    ],
    [
      'an RSA key with an even exponent',
      `ssh-rsa ${base64(rsaWire(new Uint8Array(256).fill(255), Buffer.of(2)))}`,
      'the RSA key is damaged',
    ],
    [
      'an SSH key of no known type',
      `ssh-dss ${base64(sshString('ssh-dss'))}`,
      'only ssh-ed25519 and ssh-rsa',
    ],
    ['a plugin without a name', encodeBech32('age1', new Uint8Array(4)), 'it names no plugin'],
  ])('%s is refused with the reason', async (_, recipient, reason) => {
    const { exit, stdout, stderr } = await encrypt(recipient);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(reason);
  });

  test.each([
    ['an identity', SECRET],
    ['an identity in lower case', SECRET.toLowerCase()],
    ['a post-quantum identity', HYBRID_SECRET],
    ['a plugin identity', PLUGIN_SECRET],
    ['an identity behind something else', `age1x ${SECRET}`],
    ['a private SSH key', PRIVATE_KEY],
  ])('that is %s is refused, and not repeated', async (_, secret) => {
    const { exit, stdout, stderr } = await encrypt(secret);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('in the place of a recipient');
    expectNothingOf(secret, stderr);
  });

  test('that is post-quantum and no key of ML-KEM fails when it is used', async () => {
    const { exit, stdout, stderr } = await encrypt(encodeBech32('age1pq', new Uint8Array(1216).fill(255)));
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('it is no valid post-quantum key');
  });

  test('that may be a password is not repeated as a whole', async () => {
    const { stderr } = await encrypt('correct-horse-battery-staple-of-the-production-database');
    expect(stderr).toContain('"correct-horse-batter…" is no age recipient');
    expect(stderr).not.toContain('staple');
  });
});

describe('an identity file', () => {
  let encrypted: string;
  beforeEach(async () => {
    encrypted = (await here.sotto(['encrypt', '--age', RECIPIENT, 'plain.yaml'])).stdout;
    here.write('file.yaml', encrypted);
  });

  /** Put a text into each place where identities can be, and decrypt. */
  async function open(content: string | Uint8Array): Promise<Outcome> {
    here.write('keys.txt', content);
    const environment = { SOPS_AGE_KEY_FILE: here.path('keys.txt') };
    return here.sotto(['decrypt', 'file.yaml'], { environment });
  }

  test.each<readonly [string, string | Uint8Array]>([
    ['as age-keygen writes it', `# created: 2026-01-01T00:00:00Z\n# public key: ${RECIPIENT}\n${SECRET}\n`],
    ['with Windows line ends', `# a comment\r\n\r\n${SECRET}\r\n`],
    ['with blanks around its lines', `  # a comment\n\t${SECRET}  \n   \n`],
    ['without a line break at the end', SECRET],
    ['with a byte order mark', `\ufeff${SECRET}\n`],
    ['in lower case', SECRET.toLowerCase()],
    ['with keys of other kinds', `${HYBRID_SECRET}\n${SECRET}\n`],
  ])('%s opens the file', async (_, content) => {
    expect(await open(content)).toEqual({ exit: 0, stdout: 'password: hunter2\n', stderr: '' });
  });

  test.each<readonly [string, string | Uint8Array, string]>([
    ['with a mistyped identity', `# one\n${mistyped(SECRET, 30)}\n`, 'line 2: its checksum does not fit'],
    [
      'with one of mixed case',
      `${SECRET.slice(0, 40)}${SECRET.slice(40).toLowerCase()}\n`,
      'line 1: upper and lower case are mixed',
    ],
    ['with one that is cut off', `\n\n${SECRET.slice(0, 50)}\n`, 'line 3: its checksum does not fit'],
    [
      'with a bad line behind a good one',
      `${SECRET}\nnonsense\n`,
      'line 2: it does not begin with AGE-SECRET-KEY-1',
    ],
    [
      'with a recipient in it',
      `${RECIPIENT}\n`,
      'line 1: an age recipient (the public key) stands where the identity belongs',
    ],
    [
      'with an SSH public key in it',
      `${SSH}\n`,
      'line 1: an SSH public key stands where an identity belongs',
    ],
    [
      'with a variable in it',
      `AGE_KEY=${SECRET}\n`,
      'line 1: an age identity stands in it, but not at its beginning',
    ],
    ['with quotes', `"${SECRET}"\n`, 'line 1: an age identity stands in it, but not at its beginning'],
    [
      'with one of the wrong length',
      encodeBech32('age-secret-key-', new Uint8Array(31)).toUpperCase(),
      'holds 31 bytes instead of 32',
    ],
    [
      'with one of an unknown kind',
      encodeBech32('age-secret-key-x-', new Uint8Array(32)).toUpperCase(),
      'of an unknown kind',
    ],
    ['without anything', '', 'there is no identity in it'],
    ['with comments only', '# nothing\n', 'there is no identity in it'],
    ['in UTF-16', Buffer.from(`\ufeff${SECRET}\r\n`, 'utf16le'), 'it is in UTF-16'],
    ['that is no text', Uint8Array.of(0xc3, 0x28, 0xff), 'it is no text'],
    ['that is a damaged age file', 'age-encryption.org/v1\n-> scrypt\n', 'cut off in its header'],
    ['that is a damaged armored file', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n', 'cut off'],
    ['that is a damaged SSH key', PRIVATE_KEY, 'the SSH key is cut off'],
    [
      'that is a PGP key',
      '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nx\n-----END PGP PRIVATE KEY BLOCK-----\n',
      'import it with gpg',
    ],
    [
      'that is a certificate',
      '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n',
      'it holds a certificate',
    ],
  ])('%s says so, with the line', async (_, content, reason) => {
    const { exit, stdout, stderr } = await open(content);
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(stderr).toContain(
      `SOPS_AGE_KEY_FILE=${here.path('keys.txt')}: ${reason.startsWith('line') ? reason : ''}`,
    );
    expect(stderr).toContain(reason);
    expectNothingOf(SECRET, stderr);
  });

  test('that is bad does not spoil the other places', async () => {
    here.write('keys.txt', 'nonsense\n');
    const environment = { SOPS_AGE_KEY_FILE: here.path('keys.txt'), SOPS_AGE_KEY: SECRET };
    expect(await here.sotto(['decrypt', 'file.yaml'], { environment })).toMatchObject({ exit: 0 });
  });

  test('that is not there is only a problem where it was named', async () => {
    const environment = { SOPS_AGE_KEY_FILE: here.path('none.txt') };
    const { stderr } = await here.sotto(['decrypt', 'file.yaml'], { environment });
    expect(stderr).toContain('none.txt: there is no such file');
    expect(stderr).toContain('/sops/age/keys.txt: not there');
  });

  test('in a variable says which of its lines is bad', async () => {
    const environment = { SOPS_AGE_KEY: `# mine\n${SECRET.slice(0, 40)} x` };
    const { exit, stderr } = await here.sotto(['decrypt', 'file.yaml'], { environment });
    expect(exit).toBe(128);
    expect(stderr).toContain('SOPS_AGE_KEY: line 2: its checksum does not fit');
    expectNothingOf(SECRET, stderr);
  });
});

/** No run of eight characters of a key shows. */
function expectNothingOf(secret: string, text: string): void {
  const [body = ''] = /1[A-Z0-9]{13,}|^[A-Za-z0-9+/]{12,}$/im.exec(secret) ?? [];
  expect(body.length).toBeGreaterThan(12);
  for (let at = 1; at + 8 <= body.length; at += 1)
    expect(text.toUpperCase()).not.toContain(body.slice(at, at + 8).toUpperCase());
}

test('the checksum of Bech32 finds every single typing error in a recipient', () => {
  for (let at = 4; at < RECIPIENT.length; at += 1)
    expect(() => decodeBech32(mistyped(RECIPIENT, at)), `${at}`).toThrow();
});
