import { lateFailure } from './kms-failure.ts';

/** What is asked, or an error when time is up: packages of the clouds wait on their own between attempts. */
export function within<Answer>(late: AbortSignal, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((accept, refuse) => {
    const stop = () => refuse(lateFailure());
    if (late.aborted) stop();
    late.addEventListener('abort', stop, { once: true });
    answer.then(accept, refuse).finally(() => late.removeEventListener('abort', stop));
  });
}
