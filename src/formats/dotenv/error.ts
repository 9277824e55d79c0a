import { SottoError } from '../../errors.ts';

/** A text that can't be read, with the place in it. The line itself may be a secret, so it is not shown. */
export function unreadable(text: string, at: number, message: string, hint: string): SottoError {
  return new SottoError('input-invalid', message, { ...positionOf(text, at), hint });
}

/** Line and column, from 1. Only a line feed ends a line. */
function positionOf(text: string, at: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) {
    line += 1;
    start = next + 1;
  }
  return { line, column: [...text.slice(start, at)].length + 1 };
}
