import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { bcryptPbkdf, wordsOfPi } from '../../../src/keys/age/ssh/bcrypt-pbkdf.ts';
import { ed25519Wire, rsaWire, type SshRsaKey, sshTag } from '../../../src/keys/age/ssh/public-key.ts';
import {
  ed25519Unwrapper,
  ed25519Wrapper,
  rsaUnwrapper,
  rsaWrapper,
  toMontgomery,
} from '../../../src/keys/age/ssh/recipient.ts';
import { AgeError, type Stanza } from '../../../src/keys/age/stanza.ts';
import { x25519 } from '../../../src/keys/age/x25519.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');
/** A field element as Ed25519 writes it. */
const littleEndian = (value: bigint): Uint8Array =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
const P = 2n ** 255n - 19n;

describe('an Ed25519 key as an X25519 key', () => {
  test('is the one that belongs to its secret key', async () => {
    const { secret } = await x25519();
    for (let round = 0; round < 30; round += 1) {
      const seed = randomBytes(32);
      const scalar = createHash('sha512').update(seed).digest().subarray(0, 32);
      expect(hex(await toMontgomery(ed25519.getPublicKey(seed)))).toBe(hex(secret(scalar).publicKey));
    }
  });

  test('is not there for the points of low order', async () => {
    const points = [
      littleEndian(1n), // the neutral one
      littleEndian(P - 1n), // of order two
      littleEndian(0n), // of order four
      littleEndian(2n ** 255n), // likewise, with the other x
      bytes('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'), // of order eight
      bytes('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'),
      bytes('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
      bytes('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'),
    ];
    for (const point of points) await expect(toMontgomery(point), hex(point)).rejects.toThrow('low order');
  });

  test('is not there for encodings that are not canonical', async () => {
    for (let over = 0n; over < 19n; over += 1n)
      await expect(toMontgomery(littleEndian(P + over)), `${over}`).rejects.toThrow(
        'no valid Ed25519 public key',
      );
  });

  test('is not there for what is no point of the curve', async () => {
    let refused = 0;
    for (let y = 2n; y < 102n; y += 1n) {
      let isPoint = true;
      try {
        ed25519.Point.fromBytes(Uint8Array.from(littleEndian(y)));
      } catch {
        isPoint = false;
      }
      if (isPoint) await toMontgomery(littleEndian(y));
      else await expect(toMontgomery(littleEndian(y))).rejects.toThrow('no valid Ed25519 public key');
      if (!isPoint) refused += 1;
    }
    expect(refused).toBeGreaterThan(30);
  });
});

describe('a stanza for an Ed25519 key', () => {
  const seed = randomBytes(32);
  const point = ed25519.getPublicKey(seed);
  const key = { type: 'ssh-ed25519', point, wire: ed25519Wire(point) } as const;
  const unwrapper = ed25519Unwrapper(key, seed);
  const fileKey = randomBytes(16);

  async function stanza(): Promise<Stanza> {
    const [made] = await (await ed25519Wrapper(key)).wrap(fileKey);
    if (made === undefined) throw new Error('no stanza');
    return made;
  }

  test('opens with it, and is left alone by another key', async () => {
    expect(await unwrapper.unwrap([await stanza()])).toEqual(fileKey);
    const other = ed25519.getPublicKey(randomBytes(32));
    const stranger = { type: 'ssh-ed25519', point: other, wire: ed25519Wire(other) } as const;
    expect(await ed25519Unwrapper(stranger, randomBytes(32)).unwrap([await stanza()])).toBeNull();
  });

  test.each([
    ['a point of low order', () => ['', Buffer.alloc(32).toString('base64').replace('=', '')]],
    ['a short point', () => ['', Buffer.alloc(31).toString('base64').replaceAll('=', '')]],
    ['no point', () => ['']],
    ['padding', () => ['', Buffer.alloc(32, 9).toString('base64')]],
  ])('with %s is damaged', async (_, args) => {
    const damaged = { ...(await stanza()), args: [sshTag(key), ...args().slice(1)] };
    await expect(unwrapper.unwrap([damaged])).rejects.toThrow(AgeError);
  });

  test('that was changed does not open', async () => {
    const made = await stanza();
    const body = Uint8Array.from(made.body, (byte, at) => (at === 3 ? byte ^ 1 : byte));
    await expect(unwrapper.unwrap([{ ...made, body }])).rejects.toThrow('does not open with it');
  });
});

describe('a stanza for an RSA key', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicOf(pair.publicKey);
  const unwrapper = rsaUnwrapper(key, pair.privateKey);
  const oaepLabel = Buffer.from('age-encryption.org/v1/ssh-rsa');
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel };
  const fileKey = randomBytes(16);
  const withBody = (body: Uint8Array): Stanza => ({ type: 'ssh-rsa', args: [sshTag(key)], body });

  function publicOf(publicKey: KeyObject): SshRsaKey {
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    const [modulus, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')];
    return { type: 'ssh-rsa', modulus, exponent, wire: rsaWire(modulus, exponent) };
  }

  test('opens with it', async () => {
    expect(await unwrapper.unwrap(await rsaWrapper(key).wrap(fileKey))).toEqual(fileKey);
  });

  test.each<readonly [string, () => Uint8Array]>([
    ['another label', () => encrypt({ oaepLabel: Buffer.from('age-encryption.org/v1/ssh-rsb') })],
    ['no label', () => encrypt({ oaepLabel: Buffer.alloc(0) })],
    ['another hash', () => encrypt({ oaepHash: 'sha1' })],
    ['the older padding', () => encrypt({ padding: constants.RSA_PKCS1_PADDING })],
    ['a file key that is too short', () => publicEncrypt({ key: pair.publicKey, ...oaep }, randomBytes(15))],
    ['a file key that is too long', () => publicEncrypt({ key: pair.publicKey, ...oaep }, randomBytes(32))],
    ['no file key', () => publicEncrypt({ key: pair.publicKey, ...oaep }, new Uint8Array())],
    ['a changed byte', () => Uint8Array.from(encrypt({}), (byte, at) => (at === 100 ? byte ^ 1 : byte))],
    ['a byte less', () => encrypt({}).subarray(1)],
    ['a byte more', () => Buffer.concat([encrypt({}), Buffer.of(0)])],
    ['nothing', () => new Uint8Array()],
    ['zero', () => new Uint8Array(256)],
    ['one', () => Buffer.from('1'.padStart(512, '0'), 'hex')],
    ['the modulus', () => key.modulus],
    ['more than the modulus', () => new Uint8Array(256).fill(255)],
    [
      'what is for another key of the same tag',
      () => encrypt({}, generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey),
    ],
  ])('with %s fails, for the one reason', async (_, body) => {
    await expect(unwrapper.unwrap([withBody(body())])).rejects.toThrow(
      new Error('the entry is for this SSH key, but does not open with it'),
    );
  });

  function encrypt(options: object, publicKey: KeyObject = pair.publicKey): Uint8Array {
    return publicEncrypt({ key: publicKey, ...oaep, ...options }, fileKey);
  }

  test('with further arguments is damaged', async () => {
    const damaged = { ...withBody(encrypt({})), args: [sshTag(key), 'more'] };
    await expect(unwrapper.unwrap([damaged])).rejects.toThrow(AgeError);
  });
});

describe('bcrypt-pbkdf', () => {
  test('has the digits of π', () => {
    const words = [...wordsOfPi(18 + 4 * 256)].map((word) => word.toString(16).padStart(8, '0'));
    expect(words.slice(0, 4)).toEqual(['243f6a88', '85a308d3', '13198a2e', '03707344']);
    expect(words.at(-1)).toBe('3ac372e6');
  });

  // From the tests of OpenBSD's bcrypt_pbkdf, as Go's x/crypto has them.
  test.each([
    [12, 32, '1ae42c05d487bc02f64921a4ebe4ea93bcacfe135fda99974c06b7b01fae149a'],
    [
      8,
      64,
      'e1367ec5151a33faac4cc1c144cd23fa15d5548493ecc99b9b5d9c0d3b27bec76227ea66088b849b20ab7aa478010246e74bba51723fefa9f9474d6508845e8d',
    ],
  ])('agrees with %i rounds and %i bytes', (rounds, length, expected) => {
    expect(hex(bcryptPbkdf('password', Buffer.from('salt'), rounds, length))).toBe(expected);
  });

  test.each([0, 2049, 2 ** 32 - 1])('refuses %i rounds', (rounds) => {
    expect(() => bcryptPbkdf('password', Buffer.from('salt'), rounds, 48)).toThrow('2048 are the most');
  });
});
