import { ChangedMeanwhile } from '../io/atomic-write.ts';
import type { Io } from '../io/io.ts';

/** Other programs know nothing of our locks, and may change a file again and again. */
const MOST_TRIES = 4;

/**
 * Read a file, change and write it; if somebody else has written it meanwhile, do it again, while the other processes of
 * this program wait.
 *
 * @throws ChangedMeanwhile when that helps nothing
 */
export async function reapplied<Result>(
  io: Io,
  file: string,
  attempt: () => Promise<Result>,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
  }
  return io.withLock(io.absolute(file), () => tryAgain(attempt, MOST_TRIES - 1));
}

async function tryAgain<Result>(attempt: () => Promise<Result>, tries: number): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile) || tries === 1) throw error;
    return tryAgain(attempt, tries - 1);
  }
}
