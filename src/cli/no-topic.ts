import { SottoError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';

/**
 * The error for a word that had to be one of a few, in sops's words and with its exit status.
 *
 * @param front what stands in front of the word in a command line: `help`, or a verb
 */
export function noTopic(word: string, known: readonly string[], front: string): SottoError {
  const near = nearest(word, known);
  return new SottoError('usage', `there is no "sotto ${front} ${word}"`, {
    inSops: `No help topic for '${word}'`,
    exit: 3,
    hint:
      near === undefined
        ? `behind "sotto ${front}" there can be: ${known.join(', ')}`
        : `did you mean "sotto ${front} ${near}"?`,
  });
}
