import type { Format } from '../../core/splice/format.ts';
import { changeToml } from './change.ts';
import { ROPS_CONVENTIONS } from './conventions.ts';
import { firstOddToml } from './odd.ts';
import { printToml } from './print.ts';
import { readToml } from './read.ts';
import { spellToml } from './spell.ts';

/** TOML 1.1, which sops does not have; the files are those of rops, with sops's selector and version. */
export const toml: Format = {
  name: 'toml',
  hasByteOrderMark: true,
  conventions: ROPS_CONVENTIONS,
  read: (text) => ({ ...readToml(text), format: toml }),
  firstOdd: firstOddToml,
  spell: spellToml,
  change: changeToml,
  print: printToml,
};
