import type { Format } from '../../core/splice/format.ts';
import { carryYaml } from './carry.ts';
import { changeYaml } from './change.ts';
import { firstOddYaml } from './odd.ts';
import { printYaml } from './print.ts';
import { readYaml } from './read.ts';
import { spellYaml } from './spell.ts';

/** YAML, read as go-yaml v3 reads it and written as sops writes it. */
export const yaml: Format = {
  name: 'yaml',
  hasByteOrderMark: true,
  read: (text) => ({ ...readYaml(text), format: yaml }),
  firstOdd: firstOddYaml,
  spell: spellYaml,
  change: changeYaml,
  carry: carryYaml,
  print: printYaml,
};
