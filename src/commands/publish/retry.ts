import type { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';

/** How often, and for how many milliseconds in all, something is tried again. */
export interface Patience {
  readonly retries: number;
  readonly timeout: number;
}

/** The first pause, in milliseconds; each is twice as long as the one before. */
const FIRST_PAUSE = 1000;

/** Servers answer so when they are overloaded, or do not know yet what they were told. */
export function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/** A failure that may pass by itself. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** What is to be said if it does not pass. */
  readonly failure: SottoError;
  /** The header `Retry-After`: seconds, or a date. */
  readonly retryAfter: string | undefined;

  constructor(failure: SottoError, retryAfter?: string) {
    super(failure.message);
    this.failure = failure;
    this.retryAfter = retryAfter;
  }
}

/**
 * Try something until it works, at most so often and for so long.
 *
 * @param work is told how many milliseconds are left
 */
export async function retrying<Result>(
  { retries, timeout }: Patience,
  io: Io,
  work: (remaining: () => number) => Promise<Result>,
): Promise<Result> {
  const end = io.now().getTime() + timeout;
  const remaining = (): number => end - io.now().getTime();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(remaining);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      const pause = pauseFor(error.retryAfter, io.now()) ?? FIRST_PAUSE * 2 ** attempt;
      if (attempt >= retries || pause >= remaining()) throw error.failure;
      await io.wait(pause);
    }
  }
}

/** RFC 9110, 10.2.3. */
function pauseFor(retryAfter: string | undefined, now: Date): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
