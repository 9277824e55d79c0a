import type { MetadataMap } from '../../core/sops/metadata.ts';
import type { Format, Written } from '../../core/splice/format.ts';
import { changeWith } from './change.ts';
import { printDotenv, roundTripDotenv, spellDotenv } from './print.ts';
import { readDotenv } from './read.ts';
import { readStandard } from './standard/read.ts';
import { sealed } from './standard/sealed.ts';
import { refuseBareKeys, signsIn } from './standard/signs.ts';
import { printStandard, roundTripStandard, spellStandard } from './standard/spell.ts';
import { standardWriter } from './standard/writer.ts';
import { writer } from './writer.ts';

/** dotenv as sops reads it. A byte order mark is part of the first line. */
export const dotenv: Format = {
  name: 'dotenv',
  hasByteOrderMark: false,
  hasExactBreaks: true,
  dialect,
  asWritten,
  read: (text) => ({ ...readDotenv(text), format: dotenv }),
  spell: spellDotenv,
  roundTrip: roundTripDotenv,
  change: changeWith(writer),
  print: printDotenv,
};

/** dotenv as docker compose and the npm package dotenv read it. */
export const standard: Format = {
  name: 'dotenv',
  hasByteOrderMark: true,
  hasExactBreaks: true,
  sealed,
  sottoFields: { dialect: 'standard' },
  dialect,
  read: (text) => ({ ...readStandard(text), format: standard }),
  spell: spellStandard,
  roundTrip: roundTripStandard,
  change: changeWith(standardWriter),
  print: printStandard,
};

/** The dialect that fields of `sops.sotto`, or settings, name; sops's if they name none. */
function dialect({ dialect: name = 'sops' }: MetadataMap): Format | undefined {
  if (name === 'sops') return dotenv;
  return name === 'standard' ? standard : undefined;
}

function asWritten(text: string): Written | undefined {
  const signs = signsIn(text);
  if (signs.length === 0) return undefined;
  refuseBareKeys(readStandard(text));
  return { format: standard, signs };
}
