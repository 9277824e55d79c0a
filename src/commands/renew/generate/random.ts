import { randomInt } from 'node:crypto';
import type { Generator } from './recipe.ts';
import type { Settings } from './settings.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALPHANUMERIC = LOWER.toUpperCase() + LOWER + DIGITS;

const ALPHABETS: ReadonlyMap<string, string> = new Map([
  ['alphanumeric', ALPHANUMERIC],
  ['hex', `${DIGITS}abcdef`],
  ['digits', DIGITS],
  ['base64url', `${ALPHANUMERIC}-_`],
  // All that is printed, but for the blank.
  ['ascii', Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('')],
]);

/** A password of fewer bits is guessed, whatever the policy of a repository says. */
const FEWEST_BITS = 40;

/** Characters of an alphabet, each as likely as any other. */
export const random: Generator = (settings) => {
  const length = settings.whole('length', { usual: 32, least: 1, most: 4096 });
  const alphabet = alphabetOf(settings);
  const bits = Math.floor(length * Math.log2(alphabet.length));
  refuseWeak(bits, settings);
  return {
    says: `${length} characters, ${bits} bits`,
    of: [],
    make: async () => ({ text: picked(alphabet, length).join('') }),
  };
};

/** @throws SottoError `config-invalid` */
export function refuseWeak(bits: number, settings: Settings): void {
  if (bits < FEWEST_BITS)
    throw settings.problem(`that has ${bits} bits, which can be guessed`, 'make it longer');
}

/** So many of these, each drawn from all of them; `randomInt` favours none. */
export function picked(from: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => from[randomInt(from.length)] ?? '');
}

function alphabetOf(settings: Settings): string[] {
  const given = settings.text('alphabet') ?? 'alphanumeric';
  const alphabet = [...(ALPHABETS.get(given) ?? given)];
  if (new Set(alphabet).size < alphabet.length)
    throw settings.problem(
      'the alphabet has a character twice, which would come more often than the others',
      `name one of ${[...ALPHABETS.keys()].join(', ')}, or write each character once`,
    );
  if (alphabet.length < 2 || /[\p{C}\p{Z}]/u.test(alphabet.join('')))
    throw settings.problem('the alphabet has two characters or more, and none that are not seen');
  return alphabet;
}
