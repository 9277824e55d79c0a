import { expect, test } from 'vitest';
import { plainText } from '../../src/core/tree/plain-text.ts';
import type { ValueType } from '../../src/core/tree/value.ts';

const ROWS: readonly (readonly [ValueType, string, string])[] = [
  ['str', 'a b', 'a b'],
  ['null', '', '<nil>'],
  ['bool', 'True', 'true'],
  ['int', '-7', '-7'],
  ['float', '1', '1.0'],
  ['float', '100000', '100000.0'],
  ['float', '1000000', '1E+06'],
  ['float', '1234567.25', '1.23456725E+06'],
  ['float', '0.00001234', '1.234E-05'],
  ['float', '0.0001', '0.0001'],
  ['float', '+Inf', '+Inf'],
  ['time', '2024-01-02T03:04:05.678Z', '2024-01-02T03:04:05Z'],
];

test.each(ROWS)('a %s %s is %s where only strings can stand, as in Go', (type, text, expected) => {
  expect(plainText({ type, text })).toBe(expected);
});
