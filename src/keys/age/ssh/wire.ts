import { ByteReader } from '../../../core/byte-reader.ts';

/** Reads what SSH puts one behind the other: lengths, strings, numbers (RFC 4251, section 5). */
export class SshReader extends ByteReader {
  constructor(bytes: Uint8Array) {
    super(bytes, () => new Error('the SSH key is cut off'));
  }

  /** A number of 32 bits. */
  uint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.take(4);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  /** Bytes behind their length. */
  string(): Uint8Array {
    return this.take(this.uint32());
  }

  /** A {@link string} that is a name. */
  name(): string {
    return Buffer.from(this.string()).toString('latin1');
  }

  /** A number without its sign byte, big-endian. @throws Error for negative numbers, and spellings that are too long */
  positive(): Uint8Array {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    if (bytes.length === 0 || first > 127 || (first === 0 && second < 128))
      throw new Error('a number in the SSH key is damaged');
    return first === 0 ? bytes.subarray(1) : bytes;
  }
}

/** Bytes behind their length. */
export function sshString(bytes: Uint8Array | string): Uint8Array {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** A number that is not negative, big-endian, behind its length. */
export function sshNumber(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? new Uint8Array() : bytes.subarray(start);
  return sshString(
    digits[0] !== undefined && digits[0] > 127 ? Buffer.concat([Buffer.of(0), digits]) : digits,
  );
}
