import { SottoError } from '../../errors.ts';
import { lineStart } from './space.ts';

/** The error for a text that is no INI file for go-ini, in its words. The message quotes no line: it could hold a secret. */
export function notIni(source: string, at: number, problem: string, hint: string): SottoError {
  const start = lineStart(source, at);
  return new SottoError('input-invalid', problem, {
    line: source.slice(0, start).split('\n').length,
    column: [...source.slice(start, at)].length + 1,
    hint,
  });
}
