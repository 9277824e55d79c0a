import type { Format } from '../../core/splice/format.ts';
import { changeJson } from './change.ts';
import { firstOddJson } from './odd.ts';
import { printJson, roundTripJson, spellJson } from './print.ts';
import { readJson } from './read.ts';

/** JSON, read strictly and written as sops writes it. */
export const json: Format = {
  name: 'json',
  hasByteOrderMark: false,
  read: (text) => ({ ...readJson(text), format: json }),
  firstOdd: firstOddJson,
  spell: spellJson,
  roundTrip: roundTripJson,
  change: changeJson,
  print: printJson,
};
