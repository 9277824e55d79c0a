import type { ResolvedValue } from '../scalar/resolve.ts';

/** What sops says of a key that is no string, as Go prints it where a string is expected. */
export function keyInGo({ type, text }: ResolvedValue): string {
  return `Error encrypting tree: Error walking tree: Tree contains a non-string key ${printed(type, text)}. Only string keys are supported`;
}

function printed(type: ResolvedValue['type'], text: string): string {
  if (type === 'null') return '(type <nil>): %!s(<nil>)';
  if (type === 'time') return `(type time.Time): ${timeInGo(text)}`;
  if (type === 'float') return `(type float64): %!s(float64=${floatInGo(text)})`;
  const name = type === 'uint' ? 'uint64' : type;
  return `(type ${name}): %!s(${name}=${text.toLowerCase()})`;
}

/** Of RFC 3339, as `time.Time` prints itself. */
function timeInGo(text: string): string {
  return text
    .replace('T', ' ')
    .replace(/Z$/, ' +0000 UTC')
    .replace(/([+-]\d\d):(\d\d)$/, ' $1$2 $1$2');
}

/** With an exponent from a million on, and below a ten-thousandth (`%g` of Go's fmt). */
function floatInGo(text: string): string {
  const [digits = '', exponent = ''] = Number(text).toExponential().split('e');
  if (Number(exponent) >= -4 && Number(exponent) < 6) return text;
  return `${digits}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}
