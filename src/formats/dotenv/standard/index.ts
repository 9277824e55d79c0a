import type { Format } from '../../../core/format.ts';
import { changeWith } from '../change.ts';
import { dialectOf } from '../dialect.ts';
import { readStandard } from './read.ts';
import { sealed } from './sealed.ts';
import { printStandard, rereadStandard, spellStandard } from './spell.ts';
import { standardWriter } from './writer.ts';

/** dotenv as docker compose and the npm package dotenv read it. */
export const standard: Format = {
  name: 'dotenv',
  hasByteOrderMark: true,
  hasExactBreaks: true,
  sealed,
  marks: { dialect: 'standard' },
  dialect: dialectOf,
  read: readStandard,
  spell: spellStandard,
  reread: rereadStandard,
  change: changeWith(standardWriter),
  print: printStandard,
};
