import type { Format } from '../../core/format.ts';
import { changeWith } from './change.ts';
import { dialectOf } from './dialect.ts';
import { printDotenv, rereadDotenv, spellDotenv } from './print.ts';
import { readDotenv } from './read.ts';
import { writer } from './writer.ts';

/** dotenv as sops reads it. A byte order mark is part of the first line. */
export const dotenv: Format = {
  name: 'dotenv',
  hasByteOrderMark: false,
  hasExactBreaks: true,
  dialect: dialectOf,
  read: readDotenv,
  spell: spellDotenv,
  reread: rereadDotenv,
  change: changeWith(writer),
  print: printDotenv,
};
