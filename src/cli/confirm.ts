import { SottoError } from '../errors.ts';

/** Ask until there is a yes or a no. @throws SottoError `canceled` at the end of the input */
export async function confirm(
  ask: (question: string) => Promise<string | undefined>,
  question: string,
): Promise<boolean> {
  for (;;) {
    const answer = (await ask(question))?.trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return true;
    if (answer === 'n' || answer === 'no') return false;
    if (answer === undefined) throw endOfInput();
  }
}

function endOfInput(): SottoError {
  return new SottoError('canceled', 'nobody answered; nothing was changed', {
    hint: '--yes answers for you',
  });
}
