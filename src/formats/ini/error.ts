import { SottoError } from '../../errors.ts';
import { positionOf } from '../../text/position.ts';

/** The error for a text that is no INI file for go-ini, in its words. The message quotes no line: it could hold a secret. */
export function notIni(source: string, at: number, problem: string, hint: string): SottoError {
  const inSops = `Could not unmarshal input data: ${problem}`;
  return new SottoError('input-invalid', problem, { ...positionOf(source, at), hint, inSops });
}
