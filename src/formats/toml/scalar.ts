import type { AST } from 'toml-eslint-parser';
import { canonicalFloat, isInt64 } from '../../core/tree/number.ts';
import type { Value } from '../../core/tree/value.ts';
import { invalid } from './parse.ts';

const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}:\d{2})(:\d{2})?(?:\.(\d+))?)?(?:([Zz])|([-+])(\d{2}:\d{2}))?$/;

/**
 * The value of a scalar. Dates and times are strings, as in rops: sops's time has no place for a date or a time alone,
 * and rops knows no other type.
 *
 * @throws SottoError `input-invalid` for a number that does not fit
 */
export function scalarValue(node: AST.TOMLValue, text: string): Value {
  switch (node.kind) {
    case 'string':
      return { type: 'str', text: node.value };
    case 'boolean':
      return { type: 'bool', text: node.value ? 'True' : 'False' };
    case 'integer':
      if (!isInt64(node.bigint)) throw tooLarge(text, node);
      return { type: 'int', text: node.bigint.toString() };
    case 'float':
      if (Math.abs(node.value) === Infinity && !node.number.endsWith('inf')) throw tooLarge(text, node);
      return { type: 'float', text: canonicalFloat(node.value) };
    default:
      return { type: 'str', text: dateTimeText(node.datetime) };
  }
}

function tooLarge(text: string, node: AST.TOMLNumberValue): Error {
  return invalid(text, node.range[0], 'the number has no place in 64 bits', {
    hint: 'write it in quotes, as a string',
  });
}

/** A date or time as rops prints it (`toml_datetime`): with `T` and `Z`, and nanoseconds as needed. */
function dateTimeText(source: string): string {
  const [, date = '', minutes = '', seconds = ':00', digits = '', utc, sign = '', offset = ''] =
    DATE_TIME.exec(source) ?? [];
  const fraction = digits.slice(0, 9).replace(/0+$/, '');
  const time = minutes === '' ? '' : `${minutes}${seconds}${fraction === '' ? '' : `.${fraction}`}`;
  const zone = utc === undefined ? `${offset === '00:00' ? '+' : sign}${offset}` : 'Z';
  return `${date}${date === '' || time === '' ? '' : 'T'}${time}${offset === '' && utc === undefined ? '' : zone}`;
}
