import type { VariableOptions } from '../../commands/read-variables.ts';
import { SottoError } from '../../errors.ts';
import { type Flag, list, text } from './flag.ts';
import type { FlagValues } from './values.ts';

const CASES = ['upper', 'keep'] as const;

/** Which values become variables, and under which names. */
export const VARIABLE_FLAGS: readonly Flag[] = [
  text('prefix', 'TEXT', 'begin all names with it'),
  list('map', 'NAME=PATH', 'name of the variable for the value at a path, as in PGPASSWORD=db.password', {
    repeats: 'always',
  }),
  list('only', 'PATTERN', 'only variables with such names, as in DB_*', { repeats: 'always' }),
  list('except', 'PATTERN', 'no variables with such names', { repeats: 'always' }),
  text('case', 'CASE', 'letters of names: upper (as usual), or keep them as the keys have them', {
    values: CASES,
  }),
  text('separator', 'TEXT', 'what stands between the keys of a path, instead of _'),
];

/** What these flags say, and those on values in clear. @throws SottoError `usage` */
export async function variableOptions(
  flags: FlagValues,
): Promise<
  Pick<VariableOptions, 'prefix' | 'map' | 'only' | 'except' | 'letters' | 'separator' | 'permission'>
> {
  const { parseNamedPath } = await import('../../operations/name-variables.ts');
  return {
    prefix: flags.text('prefix'),
    map: flags.all('map').map(parseNamedPath),
    only: flags.all('only'),
    except: flags.all('except'),
    letters: choiceOf(flags, 'case', CASES),
    separator: flags.text('separator'),
    permission: { allowSpecial: flags.all('allow-special'), includeClear: flags.boolean('include-clear') },
  };
}

/** The value of a flag that has only a few. @throws SottoError `usage` for any other */
export function choiceOf<Choice extends string>(
  flags: FlagValues,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const given = flags.text(name);
  const choice = choices.find((one) => one === given);
  if (given === undefined || choice !== undefined) return choice;
  throw new SottoError('usage', `--${name} can not be ${given}`, { hint: `it is ${choices.join(' or ')}` });
}
