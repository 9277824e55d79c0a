import { withoutMark } from '../core/byte-order-mark.ts';
import type { Format, PrintOptions } from '../core/format.ts';
import type { Source } from './open.ts';

/** A plain text in another format, printed as sops does; in its own it stays as it is. */
export function convert(source: Source, output: Format, print: PrintOptions): Source {
  const { text, format } = source;
  if (format.name === output.name) return source;
  const { roots } = format.read(withoutMark(text, format));
  return { text: output.print(roots, print), format: output };
}
