import type { Format } from '../../core/splice/format.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import { arrangeIni, iniAsSeen } from './arrange.ts';
import { changeIni } from './change.ts';
import { spellComment } from './comment.ts';
import { firstOddIni } from './odd.ts';
import { printIni } from './print.ts';
import { readIni } from './read.ts';
import { spellIni } from './spell.ts';

/** INI, as go-ini reads it for sops: sections of strings. */
export const ini: Format = {
  name: 'ini',
  hasByteOrderMark: true,
  read: (text) => ({ ...readIni(text), format: ini }),
  firstOdd: firstOddIni,
  spell: spellIni,
  spellComment: (place, text, { text: source }) => spellComment(place, text, source),
  roundTrip: (value) => ({ type: 'str', text: plainText(value) }),
  change: changeIni,
  arrange: arrangeIni,
  asSeen: iniAsSeen,
  print: printIni,
};
