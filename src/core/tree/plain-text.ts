import { lossyText } from '../../text/utf8.ts';
import { exponentText } from './number.ts';
import type { Value } from './value.ts';

/**
 * A value where a place only holds strings: dotenv, INI, the environment (sops `stores/stores.go`, ValToString). A
 * float has at least one decimal (`2.0`, `1E+06`), null is `<nil>`.
 */
export function plainText({ type, text, bytes }: Value): string {
  switch (type) {
    case 'null':
      return '<nil>';
    case 'bool':
      return text.toLowerCase();
    case 'float':
      return floatText(text);
    case 'time':
      return text.replace(/\.\d+/, '');
    default:
      return bytes === undefined ? text : lossyText(bytes);
  }
}

/** Go's `FormatFloat(v, 'G', -1, 64)`, with a decimal where it could be taken for a whole number. */
function floatText(canonical: string): string {
  if (canonical === 'NaN' || canonical.endsWith('Inf')) return canonical;
  const text = exponentText(canonical, -4, 6, 2).replace('e', 'E');
  return /[.E]/.test(text) ? text : `${text}.0`;
}
