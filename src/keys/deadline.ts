import { lateFailure } from './kms-failure.ts';

/**
 * What is asked, or an error when time is up: packages of the clouds wait on their own between attempts.
 *
 * @param service who is asked, where the error does not get that from elsewhere
 */
export function within<Answer>(
  late: AbortSignal,
  answer: Promise<Answer>,
  service?: string,
): Promise<Answer> {
  return new Promise((accept, refuse) => {
    const stop = () => refuse(lateFailure(service));
    if (late.aborted) stop();
    late.addEventListener('abort', stop, { once: true });
    answer.then(accept, refuse).finally(() => late.removeEventListener('abort', stop));
  });
}
