import { SottoError } from '../errors.ts';

/** Ask until there is a yes or a no. @throws SottoError `canceled` at the end of the input */
export async function confirm(
  ask: (question: string) => Promise<string | undefined>,
  question: string,
): Promise<boolean> {
  const answer = await askUntilClear(ask, question);
  if (answer === undefined) throw endOfInput();
  return answer;
}

/** Ask until there is a yes or a no. @returns `undefined` when nobody answers */
export async function askUntilClear(
  ask: (question: string) => Promise<string | undefined>,
  question: string,
): Promise<boolean | undefined> {
  for (;;) {
    const answer = (await ask(question))?.trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return true;
    if (answer === 'n' || answer === 'no') return false;
    if (answer === undefined) return undefined;
  }
}

function endOfInput(): SottoError {
  return new SottoError('canceled', 'nobody answered; nothing was changed', {
    hint: '--yes answers for you',
    inSops: 'EOF',
  });
}
