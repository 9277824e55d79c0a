import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { SottoError } from '../../../errors.ts';
import { bitString, der, identifier, partsOf, time } from './der.ts';
import { pem } from './pem.ts';
import type { Generator } from './recipe.ts';
import type { Ingredient } from './settings.ts';

const DAY = 24 * 3600 * 1000;
/** Clocks of others may be behind. */
const LEEWAY = 5 * 60 * 1000;
/** A host's name, or a wildcard for those below one. */
const HOST = /^(?:\*\.)?(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_-]{1,63})*)$/;

/** The authority that signs a certificate. */
interface Issuer {
  readonly name: Uint8Array;
  readonly key: KeyObject;
}

/** A certificate for TLS over a key that is another value: signed by that key itself, or by an authority. */
export const x509: Generator = (settings) => {
  const from = settings.requiredValue('from');
  const names = settings.texts('names');
  const days = settings.whole('days', { usual: 90, least: 1, most: 3650 });
  const authority = settings.flag('authority');
  const [signer, signerKey] = [settings.value('issuer'), settings.value('issuer_key')];
  const [first] = names;
  const strange = names.find((name) => isIP(name) === 0 && !HOST.test(name));
  if (first === undefined || strange !== undefined)
    throw settings.problem(
      first === undefined ? 'a certificate needs names' : `${JSON.stringify(strange)} is no name of a host`,
      'write them below kind: names: [shop.example.org, 10.0.0.7]',
    );
  if ((signer === undefined) !== (signerKey === undefined))
    throw settings.problem('issuer and issuer_key go together: its certificate, and its private key');
  const by = signer === undefined ? 'signed by its own key' : `signed by ${signer.text}`;
  return {
    says: `a certificate for ${names.join(', ')}, ${days} days, ${by}`,
    of: [from, ...(signer === undefined || signerKey === undefined ? [] : [signer, signerKey])],
    make: async ([keyText = '', signerText, signerKeyText], { machine }) => {
      const key = privateKeyIn(keyText, from);
      const subject = nameOf(first);
      const issuer =
        signer === undefined || signerKey === undefined
          ? { name: subject, key }
          : issuerOf(signerText ?? '', signer, privateKeyIn(signerKeyText ?? '', signerKey));
      const now = machine.now().getTime();
      const valid = der('sequence', time(new Date(now - LEEWAY)), time(new Date(now + days * DAY)));
      const algorithm = algorithmOf(issuer.key);
      const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
      const body = der(
        'sequence',
        der(0xa0, der('integer', Buffer.from([2]))),
        serialNumber(),
        algorithm.identifier,
        issuer.name,
        valid,
        subject,
        publicKey,
        der(0xa3, der('sequence', ...extensions(names, publicKey, issuer.key, authority))),
      );
      const signature = sign(algorithm.hash, body, issuer.key);
      const whole = der('sequence', body, algorithm.identifier, bitString(signature));
      return { text: pem('CERTIFICATE', whole) };
    },
  };
};

function privateKeyIn(text: string, { text: name }: Ingredient): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new SottoError('set-invalid', `${name} is no private key in PEM`, {
      hint: 'its generator can be ed25519, ec or rsa',
    });
  }
}

/** @throws SottoError `set-invalid` where the certificate is not the key's */
function issuerOf(certificate: string, { text: name }: Ingredient, key: KeyObject): Issuer {
  try {
    const read = new X509Certificate(certificate);
    if (!read.ca || !read.checkPrivateKey(key)) throw new Error('it does not fit');
    // Version, serial number, algorithm, issuer, validity, subject (RFC 5280, section 4.1).
    const subject = partsOf(partsOf(read.raw)[0] ?? new Uint8Array(0))[5];
    if (subject !== undefined) return { name: subject, key };
  } catch {
    // The reasons of OpenSSL say nothing to people.
  }
  throw new SottoError('set-invalid', `${name} is no certificate of an authority with that key`, {
    hint: 'issuer is its certificate, and issuer_key the private key that belongs to it',
  });
}

/** The algorithm of a signature by this key, and the hash that it takes (RFC 4055, 5758, 8410). */
function algorithmOf(key: KeyObject): { readonly identifier: Buffer; readonly hash: string | null } {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return { identifier: der('sequence', identifier('1.3.101.112')), hash: null };
    case 'ec':
      return { identifier: der('sequence', identifier('1.2.840.10045.4.3.2')), hash: 'sha256' };
    case 'rsa': {
      const nothing = Buffer.from([0x05, 0x00]);
      return { identifier: der('sequence', identifier('1.2.840.113549.1.1.11'), nothing), hash: 'sha256' };
    }
    default:
      throw new SottoError('set-invalid', `keys of the type ${key.asymmetricKeyType} sign no certificates`, {
        hint: 'take ed25519, ec or rsa',
      });
  }
}

/** A common name holds 64 characters at most (RFC 5280, appendix A); what counts are the names in the extension. */
function nameOf(host: string): Buffer {
  const text = der('utf8', Buffer.from(host.slice(0, 64)));
  return der('sequence', der('set', der('sequence', identifier('2.5.4.3'), text)));
}

/** Positive, and as random as can be. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return der('integer', bytes);
}

function extensions(
  names: readonly string[],
  publicKey: Uint8Array,
  issuerKey: KeyObject,
  isAuthority: boolean,
): Buffer[] {
  const extension = (id: string, isCritical: boolean, value: Buffer): Buffer =>
    der(
      'sequence',
      identifier(id),
      ...(isCritical ? [der('boolean', Buffer.from([0xff]))] : []),
      der('octets', value),
    );
  const issuer = createPublicKey(issuerKey).export({ type: 'spki', format: 'der' });
  // Bits: digitalSignature (0); keyCertSign (5), cRLSign (6).
  const uses = isAuthority ? Buffer.from([0x01, 0x86]) : Buffer.from([0x07, 0x80]);
  const sides = [identifier('1.3.6.1.5.5.7.3.1'), identifier('1.3.6.1.5.5.7.3.2')];
  return [
    extension(
      '2.5.29.19',
      true,
      der('sequence', ...(isAuthority ? [der('boolean', Buffer.from([0xff]))] : [])),
    ),
    extension('2.5.29.15', true, der('bits', uses)),
    ...(isAuthority ? [] : [extension('2.5.29.37', false, der('sequence', ...sides))]),
    extension('2.5.29.17', false, der('sequence', ...names.map(alternativeName))),
    extension('2.5.29.14', false, der('octets', keyIdentifier(publicKey))),
    extension('2.5.29.35', false, der('sequence', der(0x80, keyIdentifier(issuer)))),
  ];
}

/** SHA-1 over the bits of the key (RFC 5280, section 4.2.1.2): a name, which nothing rests on. */
function keyIdentifier(publicKey: Uint8Array): Buffer {
  const bits = partsOf(publicKey)[1] ?? Buffer.alloc(0);
  const header = bits.length < 0x80 + 2 ? 2 : bits.length < 0x100 + 3 ? 3 : 4;
  return createHash('sha1')
    .update(bits.subarray(header + 1))
    .digest();
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 0) return der(0x82, Buffer.from(name));
  return der(0x87, isIP(name) === 4 ? Buffer.from(name.split('.').map(Number)) : ipv6(name));
}

function ipv6(address: string): Buffer {
  // A URL writes it in its shortest form, without a part in decimal.
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [front = '', back] = short.split('::');
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((part) => Number.parseInt(part, 16));
  const [before, behind] = [numbers(front), numbers(back ?? '')];
  const middle = new Array<number>(back === undefined ? 0 : 8 - before.length - behind.length).fill(0);
  const bytes = Buffer.alloc(16);
  [...before, ...middle, ...behind].forEach((part, index) => {
    bytes.writeUInt16BE(part, index * 2);
  });
  return bytes;
}
