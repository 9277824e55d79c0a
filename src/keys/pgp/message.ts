/** Which session keys stand in front of a message's data (RFC 9580, 5.1 and 5.3). */
export interface SessionKeys {
  /** Key ids of 16 hex digits, in capitals, of the keys for which the message is encrypted; zeros where it hides them. */
  readonly keyIds: readonly string[];
  /** How many passwords open it. */
  readonly passwords: number;
}

/** Packet types (RFC 9580, 5). */
const PUBLIC_KEY_ENCRYPTED = 1;
const PASSWORD_ENCRYPTED = 3;
/** Packets that mean nothing may stand before others: the marker and padding. */
const MEANINGLESS: ReadonlySet<number> = new Set([10, 21]);
const KEY_ID_LENGTH = 8;

/**
 * The session keys of an armored message.
 *
 * @returns `undefined` for what is no armored message, or has packets of a form that no encrypted message begins with
 */
export function sessionKeysOf(message: string): SessionKeys | undefined {
  const bytes = unarmored(message);
  if (bytes === undefined) return undefined;
  const keyIds: string[] = [];
  let passwords = 0;
  for (let at = 0; at < bytes.length; ) {
    const packet = readPacket(bytes, at);
    if (packet === undefined) return undefined;
    if (packet.type === PUBLIC_KEY_ENCRYPTED) {
      const id = keyIdOf(packet.body);
      if (id === undefined) return undefined;
      keyIds.push(id);
    } else if (packet.type === PASSWORD_ENCRYPTED) passwords += 1;
    else if (!MEANINGLESS.has(packet.type)) break;
    at = packet.end;
  }
  return { keyIds, passwords };
}

/** The bytes between the lines of the armor, without its headers and its checksum (RFC 9580, 6.2). */
function unarmored(message: string): Buffer | undefined {
  const match =
    /^-----BEGIN PGP MESSAGE-----[ \t\r]*\n(?:[^\n:]*: [^\n]*\n)*[ \t\r]*\n([A-Za-z0-9+/=\s]*?)(?:^=[A-Za-z0-9+/]{4}\s*)?^-----END PGP MESSAGE-----/m.exec(
      message,
    );
  return match === null ? undefined : Buffer.from(match[1] ?? '', 'base64');
}

interface Packet {
  readonly type: number;
  /** As much of it as is there: of data in parts, the first part. */
  readonly body: Buffer;
  readonly end: number;
}

/** A packet with a length in the new or the old form (RFC 9580, 4.2). */
function readPacket(bytes: Buffer, at: number): Packet | undefined {
  const head = bytes[at] ?? 0;
  if ((head & 0x80) === 0) return undefined;
  const isNew = (head & 0x40) !== 0;
  const type = isNew ? head & 0x3f : (head >> 2) & 0xf;
  const length = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, head & 3);
  if (length === undefined) return undefined;
  const [size, start] = length;
  return { type, body: bytes.subarray(start, start + size), end: start + size };
}

/** How long a packet's body is, and where it begins. */
type Length = readonly [size: number, start: number];

function newLength(bytes: Buffer, at: number): Length | undefined {
  const [first, second = 0] = bytes.subarray(at);
  if (first === undefined) return undefined;
  if (first < 192) return [first, at + 1];
  if (first < 224) return [((first - 192) << 8) + second + 192, at + 2];
  if (first < 255) return [1 << (first & 0x1f), at + 1];
  return at + 5 > bytes.length ? undefined : [bytes.readUInt32BE(at + 1), at + 5];
}

function oldLength(bytes: Buffer, at: number, form: number): Length | undefined {
  if (form === 3) return [Math.max(0, bytes.length - at), at];
  const width = 1 << form;
  return at + width > bytes.length ? undefined : [bytes.readUIntBE(at, width), at + width];
}

/** Version 3 names a key by its id, version 6 by its fingerprint (RFC 9580, 5.1). */
function keyIdOf(body: Buffer): string | undefined {
  const hex = (from: number): string => body.toString('hex', from, from + KEY_ID_LENGTH).toUpperCase();
  if (body[0] === 3 && body.length > KEY_ID_LENGTH) return hex(1);
  if (body[0] !== 6) return undefined;
  if (body[1] === 0) return '0'.repeat(2 * KEY_ID_LENGTH);
  // Of a fingerprint of version 4 the end is the id, of later ones the beginning (RFC 9580, 5.5.4).
  return body[2] === 4 ? hex(3 + 20 - KEY_ID_LENGTH) : hex(3);
}
