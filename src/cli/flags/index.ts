import { COMMAND_FLAGS } from './commands.ts';
import { FILE_FLAGS } from './files.ts';
import type { Flag, Place } from './flag.ts';
import { GENERAL_FLAGS } from './general.ts';
import { RECIPIENT_FLAGS } from './keys.ts';
import { KEYSERVICE_FLAGS } from './keyservice.ts';
import { SELECTION_FLAGS } from './selection.ts';

/** Every flag there is: parsing, help and completion read this table. */
export const FLAGS: readonly Flag[] = [
  ...FILE_FLAGS,
  ...RECIPIENT_FLAGS,
  ...SELECTION_FLAGS,
  ...COMMAND_FLAGS,
  ...KEYSERVICE_FLAGS,
  ...GENERAL_FLAGS,
];

/** The flags that may stand at a place. */
export function flagsOf(place: Place): readonly Flag[] {
  return FLAGS.filter(({ places }) => places.includes(place));
}
