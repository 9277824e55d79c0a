import { hasLifecycle } from '../../config/lifecycle/opt-in.ts';
import { printPath, shortPath } from '../../core/tree/path.ts';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';
import type { Rulebook } from '../check/rulebook.ts';
import { allExposures, type EventExposure, type ExposedItem, isLeft } from '../exposure/exposure.ts';
import { toolsOf } from '../settings.ts';

/** Values that those may know who left, or that leaked, as far as is committed; without a key. @throws SottoError `config-invalid` */
export async function exposureFindings(rulebook: Rulebook, io: Io): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { config } of rulebook.chapters) {
    if (config === undefined || !hasLifecycle(config)) continue;
    const tools = toolsOf(io, { warn: () => undefined });
    const { exposures = [] } = (await allExposures(config, tools, io)) ?? {};
    for (const one of exposures)
      for (const item of one.items) if (isLeft(item)) findings.push(findingOf(one, item));
  }
  return findings;
}

function findingOf({ event }: EventExposure, { file, path, isComment, state, owner }: ExposedItem): Finding {
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
