/** Tags of DER (X.690): universal ones, and those of a context. */
const TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  identifier: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value with a tag of DER in front, by its name, or by its number. */
export function der(tag: keyof typeof TAGS | number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const number = typeof tag === 'number' ? tag : TAGS[tag];
  return Buffer.concat([Buffer.from([number, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** An object identifier, as in `2.5.4.3`. */
export function identifier(text: string): Buffer {
  const [first = 0, second = 0, ...others] = text.split('.').map(Number);
  const bytes = [first * 40 + second, ...others].flatMap((part) => {
    const digits = [part % 128];
    for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128))
      digits.unshift(0x80 | (rest % 128));
    return digits;
  });
  return der('identifier', Buffer.from(bytes));
}

/** A string of whole bytes as a BIT STRING. */
export function bitString(bytes: Uint8Array): Buffer {
  return der('bits', Buffer.from([0]), bytes);
}

/** A time, in the form that certificates have until 2049 and behind it (RFC 5280, section 4.1.2.5). */
export function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/\.\d+|[-:T]/g, '')}`;
  const isShort = date.getUTCFullYear() < 2050;
  return der(isShort ? 'utcTime' : 'time', Buffer.from(isShort ? text.slice(2) : text));
}

/** The values in a SEQUENCE, each with its tag and length. @throws Error for what is none */
export function partsOf(sequence: Uint8Array): Buffer[] {
  const { content, rest } = taken(sequence);
  if (sequence[0] !== TAGS.sequence || rest.length > 0) throw new Error('it is no SEQUENCE of DER');
  const parts: Buffer[] = [];
  for (let left = content; left.length > 0; ) {
    const { whole, rest: behind } = taken(left);
    parts.push(whole);
    left = behind;
  }
  return parts;
}

function taken(bytes: Uint8Array): {
  readonly whole: Buffer;
  readonly content: Buffer;
  readonly rest: Buffer;
} {
  const all = Buffer.from(bytes);
  const short = all[1] ?? 0x80;
  const count = short < 0x80 ? 0 : short & 0x7f;
  if (short === 0x80 || count > 4) throw new Error('a length of DER is not right');
  const length = count === 0 ? short : all.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  const [start, end] = [2 + count, 2 + count + length];
  if (end > all.length) throw new Error('a value of DER is cut off');
  return { whole: all.subarray(0, end), content: all.subarray(start, end), rest: all.subarray(end) };
}
