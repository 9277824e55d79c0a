import type { Format } from '../../core/splice/format.ts';
import { changeYaml } from './change/change.ts';
import { firstOddYaml } from './odd.ts';
import { readYaml } from './read/read.ts';
import { spellYaml } from './scalar/spell.ts';
import { carryYaml } from './write/carry.ts';
import { printYaml } from './write/print.ts';

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
