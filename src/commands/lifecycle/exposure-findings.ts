import { hasLifecycle } from '../../config/lifecycle/opt-in.ts';
import { printPath, shortPath } from '../../core/tree/path.ts';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';
import type { Rulebook } from '../check/rulebook.ts';
import { allExposures, type EventExposure, type ExposedItem, isLeft } from '../exposure/exposure.ts';
import { ownerText } from '../people/work-list.ts';
import { toolsOf } from '../settings.ts';

/** Values that those may know who left, or that leaked, as far as is committed; without a key. @throws SottoError `config-invalid` */
export async function exposureFindings(rulebook: Rulebook, io: Io): Promise<Finding[]> {
  const configs = rulebook.chapters.flatMap(({ config }) => (hasLifecycle(config) ? (config ?? []) : []));
  const found = await allExposures(configs, toolsOf(io, { warn: () => undefined }), io);
  return (found?.exposures ?? []).flatMap((one) =>
    one.items.filter(isLeft).map((item) => findingOf(one, item)),
  );
}

function findingOf({ event }: EventExposure, item: ExposedItem): Finding {
  const { file, path, isComment, state } = item;
  const owner = ownerText(item);
  const who = event.kind === 'leak' ? `the leak ${event.id}` : `${event.id}, who left`;
  const what = isComment ? 'a comment' : shortPath(path);
  return {
    rule: 'exposed',
    file,
    path: printPath(path),
    message: `${what} may still be known by ${who} (${[state, ...(owner === undefined ? [] : [`owner: ${owner}`])].join('; ')})`,
    identity: `${event.id} ${printPath(path)}`,
  };
}
