import { SottoError } from '../../errors.ts';
import { positionOf } from '../../text/position.ts';

/** A text that can't be read, with the place in it. The line itself may be a secret, so it is not shown. */
export function unreadable(text: string, at: number, message: string, hint: string): SottoError {
  return new SottoError('input-invalid', message, { ...positionOf(text, at), hint });
}
