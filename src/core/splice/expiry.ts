import { X509Certificate } from 'node:crypto';
import { lastModifiedOf } from '../tree/time.ts';
import type { Value } from '../tree/value.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const CERTIFICATE_HEAD = '-----BEGIN CERTIFICATE-----';
/** Of JSON that begins with `{"`, in base64url: header, claims, signature (RFC 7519). */
const JWT = /^eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]*$/;
const JWT_HEAD = 'eyJ';
/** A chain is no longer; of a bundle of authorities nobody renews each. */
const MOST_CERTIFICATES = 20;
/** The last second that RFC 3339 can say. */
const LAST = Date.parse('9999-12-31T23:59:59Z');

/** When a value ends that says so itself: a certificate, of several the first that ends, or a JSON Web Token. */
export function expiryOf({ type, text, bytes }: Value): string | undefined {
  if (type !== 'str' || bytes !== undefined) return undefined;
  const ends = text.startsWith(JWT_HEAD)
    ? jwtEnd(text)
    : text.includes(CERTIFICATE_HEAD)
      ? certificatesEnd(text)
      : undefined;
  if (ends === undefined || Number.isNaN(ends) || ends < 0 || ends > LAST) return undefined;
  return lastModifiedOf(new Date(ends));
}

function certificatesEnd(text: string): number | undefined {
  const certificates = text.match(CERTIFICATE) ?? [];
  const ends = certificates.slice(0, MOST_CERTIFICATES).map(certificateEnd);
  return ends.length === 0 ? undefined : Math.min(...ends.filter((end) => !Number.isNaN(end)), LAST + 1);
}

function certificateEnd(pem: string): number {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return Number.NaN;
  }
}

function jwtEnd(text: string): number | undefined {
  const [, claims = ''] = JWT.exec(text) ?? [];
  try {
    const read: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const exp = typeof read === 'object' && read !== null && 'exp' in read ? read.exp : undefined;
    return typeof exp === 'number' ? Math.floor(exp) * 1000 : undefined;
  } catch {
    return undefined;
  }
}
