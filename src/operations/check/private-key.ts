import type { Span } from '../../core/tree/tree.ts';

/** A private key, and what kind of key it is. */
export interface FoundKey extends Span {
  readonly what: string;
}

/** age's identities: X25519, post-quantum, and those of plugins (age `cmd/age`; C2SP age, plugin). */
const AGE = /AGE-(?:SECRET-KEY-(?:PQ-)?|PLUGIN-[A-Z0-9-]{1,40}-)1[02-9AC-HJ-NP-Z]{38,4000}/g;
/** RFC 7468, and OpenSSH's, PGP's, and the old forms of OpenSSL beside it. */
const PEM = /-----BEGIN ((?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?)-----/g;
/** PuTTY's own format. */
const PUTTY = /^Private-Lines: [1-9]\d*\r?\n[A-Za-z0-9+/=]{20}/gm;

/** As much as may stand between a header and the first line of the key: fields of PGP and of encrypted PEM. */
const NEAR = 1000;
/** Base64 of an Ed25519 key in PKCS #8 (48 bytes, RFC 8410), the shortest that there is. */
const SHORTEST_LINE = 40;

/** Private keys in a text, in its order. What only speaks of keys, as a header without a body does, is none. */
export function privateKeysIn(text: string): FoundKey[] {
  const found: FoundKey[] = [];
  if (text.includes('AGE-'))
    for (const { 0: key, index } of text.matchAll(AGE))
      if (isVaried(key.slice(key.lastIndexOf('1'))))
        found.push({ start: index, end: index + key.length, what: 'an age identity' });
  if (text.includes('PRIVATE KEY'))
    for (const { 0: header, 1: label = '', index } of text.matchAll(PEM)) {
      const end = index + header.length;
      if (hasBody(text.slice(end, end + NEAR))) found.push({ start: index, end, what: nameOf(label) });
    }
  if (text.includes('Private-Lines: '))
    for (const { index } of text.matchAll(PUTTY))
      found.push({ start: index, end: text.indexOf('\n', index), what: 'a private key of PuTTY' });
  return found.sort((a, b) => a.start - b.start);
}

function nameOf(label: string): string {
  if (label.startsWith('OPENSSH')) return 'a private SSH key';
  if (label.startsWith('PGP')) return 'a private PGP key';
  return label.startsWith('ENCRYPTED') ? 'a private key with a passphrase' : 'a private key';
}

/** Whether a line of base64 follows, on a line of its own or behind a line break that is written as an escape. */
function hasBody(text: string): boolean {
  const end = text.search(/-----|\n\n\n/);
  const body = (end === -1 ? text : text.slice(0, end)).replaceAll(/\\[nr]/g, '\n');
  const lines = body.split(/[\s"',]+/);
  return lines.some(
    (line) => line.length >= SHORTEST_LINE && /^[A-Za-z0-9+/=]+$/.test(line) && isVaried(line),
  );
}

/** No placeholder of `xxxx`. */
function isVaried(text: string): boolean {
  return new Set(text).size >= 8;
}
