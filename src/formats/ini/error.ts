import { SottoError } from '../../errors.ts';
import { lineStart } from './space.ts';

/** What sops says in front of go-ini's own words. */
const PREFIX = 'Error unmarshalling file: Could not unmarshal input data: ';

/** The error for a text that is no INI file for go-ini. The message quotes no line: it could hold a secret. */
export function notIni(source: string, at: number, problem: string, hint: string): SottoError {
  const start = lineStart(source, at);
  return new SottoError('input-invalid', PREFIX + problem, {
    line: source.slice(0, start).split('\n').length,
    column: [...source.slice(start, at)].length + 1,
    hint,
  });
}
