import { leave, recipientsCalled } from '../../config/leaving.ts';
import { recipientNames } from '../../config/names.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { toolsOf } from '../settings.ts';
import { applyChange, type ChangeOptions, openConfig, type PeopleResult } from './change.ts';

/** Options of `remove`. */
export interface RemoveOptions extends ChangeOptions {
  readonly name: string;
}

/** Take somebody out of the configuration and all files, which get new data keys. @throws SottoError `person-unknown`, … */
export async function remove(options: RemoveOptions, io: Io): Promise<PeopleResult> {
  const { name } = options;
  const tools = toolsOf(io, options);
  const opened = openConfig(tools, io);
  const gone = recipientsCalled(opened.config, name);
  const isPerson = opened.config.root?.get('sotto')?.get('people')?.get(name) !== undefined;
  if (gone.length === 0 && !isPerson)
    throw new SottoError('person-unknown', 'nobody here has this name', {
      hint: '"sotto who" lists the readers of all files by name',
    });
  const names = recipientNames(opened.config);
  const places = leave(opened.text, name, gone);
  return applyChange(
    opened,
    [...places.map((place) => `- ${place}`), ...gone.map((one) => `- ${names.describe(one)}`)],
    gone,
    names,
    options,
    tools,
    io,
  );
}
