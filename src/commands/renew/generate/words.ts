import { wordlist } from '@scure/bip39/wordlists/english.js';
import { picked, refuseWeak } from './random.ts';
import type { Generator } from './recipe.ts';

/** Words of a list of 2048 (BIP-39), 11 bits each: for what people have to type. */
export const words: Generator = (settings) => {
  const count = settings.whole('count', { usual: 8, least: 1, most: 256 });
  const separator = settings.text('separator') ?? '-';
  const bits = count * Math.log2(wordlist.length);
  refuseWeak(bits, settings);
  if (/\p{C}/u.test(separator)) throw settings.problem('the separator has characters that are not seen');
  return {
    says: `${count} words, ${bits} bits`,
    of: [],
    make: async () => ({ text: picked(wordlist, count).join(separator) }),
  };
};
