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
