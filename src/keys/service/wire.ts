import { ByteReader } from '../../text/byte-reader.ts';

/** Wire types of Protocol Buffers (protobuf.dev/programming-guides/encoding). */
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;
const TYPE_BITS = 3;
const TYPE_MASK = 7;
/** Bytes of the longest varint that is read here: enough for 32 bits, and for negative numbers, which have 10. */
const LONGEST_VARINT = 10;
const LARGEST = 0xffff_ffff;

const TO_UTF_8 = new TextEncoder();
const FROM_UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A field of a message: all that the key service's protocol has are texts, bytes, and messages in messages. */
export interface Field {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** A message of fields; empty ones are written, too. */
export function writeMessage(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, bytes }) => [
      writeVarint(number * 2 ** TYPE_BITS + BYTES),
      writeVarint(bytes.length),
      bytes,
    ]),
  );
}

/** A field with a text; none for an empty one, as Protocol Buffers have it. */
export function textField(number: number, text: string): Field[] {
  return text === '' ? [] : [{ number, bytes: TO_UTF_8.encode(text) }];
}

/**
 * The fields of a message, in their order; those of other types, which no version of the protocol has, are left out.
 *
 * @throws Error when it is no message
 */
export function readMessage(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  const reader = new Reader(message);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 2 ** TYPE_BITS);
    const type = tag & TYPE_MASK;
    if (number === 0) throw malformed('it has a field without a number');
    if (type === BYTES) fields.push({ number, bytes: reader.take(reader.varint()) });
    else if (type === VARINT) reader.varint();
    else if (type === FIXED_64) reader.take(8);
    else if (type === FIXED_32) reader.take(4);
    else throw malformed(`it has a field of type ${type}`);
  }
  return fields;
}

/** The last field of a number, which is the one that counts; empty if there is none. */
export function lastOf(fields: readonly Field[], number: number): Uint8Array {
  return fields.findLast((field) => field.number === number)?.bytes ?? new Uint8Array();
}

/** @throws Error when the bytes are no UTF-8 */
export function textOf(bytes: Uint8Array): string {
  try {
    return FROM_UTF_8.decode(bytes);
  } catch {
    throw malformed('a text in it is no UTF-8');
  }
}

function writeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

class Reader extends ByteReader {
  constructor(bytes: Uint8Array) {
    super(bytes, () => malformed('it is cut off'));
  }

  /** More than 32 bits are as good as the largest number: nothing is that long. */
  varint(): number {
    let value = 0;
    for (let count = 0; count < LONGEST_VARINT; count += 1) {
      const [byte = 0] = this.take(1);
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte < 0x80) return Math.min(value, LARGEST);
    }
    throw malformed('a number in it does not end');
  }
}

function malformed(reason: string): Error {
  return new Error(`the message is broken: ${reason}`);
}
