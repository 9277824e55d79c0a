import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Extent } from '../keys/host.ts';

/** What is looked at before the question is asked again. */
interface Expectation {
  readonly extent: Extent;
  /** @throws SottoError for an answer that can't be meant */
  check(answer: string): void;
}

/**
 * Ask on the terminal for a secret that is new, hidden, and once more: what was mistyped would be lost.
 *
 * @param what it is, as in `passphrase`
 * @throws SottoError `canceled` when the answers differ, or there is none; `usage` where there is no terminal
 */
export async function askTwice(
  io: Pick<Io, 'askSecret' | 'terminal'>,
  what: string,
  { extent, check }: Expectation = { extent: 'line', check: () => undefined },
): Promise<string> {
  const first = await io.askSecret(`Enter ${what}: `, extent);
  if (first === undefined) throw nobodyAnswered(io, what);
  if (first === '') throw canceled(`no ${what} was given`);
  check(first);
  const again = await io.askSecret(`Enter ${what} again: `, extent);
  if (again === undefined) throw nobodyAnswered(io, what);
  if (again !== first) throw canceled('the two answers differ');
  return first;
}

function nobodyAnswered(io: Pick<Io, 'terminal'>, what: string): SottoError {
  if (io.terminal() !== undefined) return canceled(`no ${what} was given`);
  return new SottoError('usage', `there is no terminal to ask for the ${what}`, {
    hint: `it is never taken from a flag, where others could see it: run this on a terminal`,
  });
}

function canceled(message: string): SottoError {
  return new SottoError('canceled', message, { hint: 'nothing was changed; try again' });
}
