import type { Io } from '../../io/io.ts';
import { sortedIn } from '../folder.ts';
import type { Tools } from '../settings.ts';
import { namedIn } from './plan.ts';
import { nameFrom, type Subject } from './subject.ts';
import type { WorkOptions, Workplace, Workplaces } from './workplace.ts';

/** Which values are to be renewed. */
export type Selection =
  | { readonly kind: 'named'; readonly file: string; readonly paths: readonly string[] }
  /** Those that a policy names, and that are not there; in some files, or in all. */
  | { readonly kind: 'missing'; readonly files: readonly string[] };

/** A value to be renewed, and where its policy is. */
export interface Selected {
  readonly place: Workplace;
  readonly subject: Subject;
}

/** Find the values. @throws SottoError */
export async function selectValues(
  selection: Selection,
  places: Workplaces,
  _options: WorkOptions,
  _tools: Tools,
  io: Io,
): Promise<Selected[]> {
  if (selection.kind === 'named') {
    const { place, name: file } = await places.for(selection.file);
    const selected: Selected[] = [];
    for (const written of selection.paths)
      selected.push({ place, subject: { file, path: await place.values.pathIn(file, written) } });
    return selected;
  }
  const { root } = await places.here();
  const files = selection.files.length > 0 ? selection.files : sortedIn(io, root).sealed;
  const selected: Selected[] = [];
  for (const file of files) {
    const { place, name } = await places.for(file);
    if (nameFrom(place.root, io.absolute(file))?.startsWith('.sotto/') === true) continue;
    for (const subject of await namedIn(name, place))
      if (!(await place.values.has(subject))) selected.push({ place, subject });
  }
  return selected;
}
