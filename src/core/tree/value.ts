/** The types that a value can have in sops's tree. `null` is never encrypted and not part of the MAC. */
export type ValueType = 'str' | 'int' | 'float' | 'bool' | 'time' | 'null';

/**
 * A value: a type and its canonical text, which is what sops encrypts and hashes (sops `aes/cipher.go`,
 * `sops.go` ToBytes). Never a JavaScript number or Date, so that nothing is lost.
 *
 * - `str`: the string itself; when its bytes are no valid UTF-8, `bytes` holds them and `text` is empty
 * - `int`: decimal digits, in the range of int64
 * - `float`: shortest digits that round-trip, never an exponent; `+Inf`, `-Inf`, `NaN`, `-0`
 * - `bool`: `True` or `False`
 * - `time`: RFC 3339 with nanoseconds as needed, zone kept
 * - `null`: the empty text
 */
export interface Value {
  readonly type: ValueType;
  readonly text: string;
  readonly bytes?: Uint8Array;
}

const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A string of these bytes, which need not be UTF-8. They are not copied. */
export function stringOf(bytes: Uint8Array): Value {
  try {
    return { type: 'str', text: STRICT_UTF_8.decode(bytes) };
  } catch {
    return { type: 'str', text: '', bytes };
  }
}

/** What is encrypted and hashed: the bytes of the canonical text. Empty for null. */
export function valueBytes(value: Value): Uint8Array {
  return value.bytes ?? Buffer.from(value.text);
}

/** Whether two values are the same in type and bytes. */
export function sameValue(a: Value, b: Value): boolean {
  if (a.type !== b.type || a.text !== b.text) return false;
  if (a.bytes === undefined || b.bytes === undefined) return a.bytes === b.bytes;
  return Buffer.compare(a.bytes, b.bytes) === 0;
}
