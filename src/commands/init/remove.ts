import { posix } from 'node:path';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { CONFIG_NAME } from '../check/rulebook.ts';
import { hasBlock, withoutBlock } from './block.ts';
import { apply, textAt } from './edits.ts';
import { hookRemoval } from './hooks.ts';
import { ATTRIBUTES, hashOf, hookPlace, type InitResult, MADE, type Step, sections } from './init.ts';
import { ownSettings } from './settings.ts';

/** Take out what {@link init} made; keys and encrypted files stay. */
export async function removeInit(isDry: boolean, io: Io): Promise<InitResult> {
  const repository = await openRepository(io);
  const { root } = repository;
  const place = await hookPlace(repository, io);
  const edits = hookRemoval(place);
  for (const name of [ATTRIBUTES, '.gitignore']) {
    const path = posix.join(root, name);
    const before = textAt(io, path);
    if (before === undefined || !hasBlock(before)) continue;
    const rest = withoutBlock(before);
    edits.push({ path, before, after: rest.trim() === '' ? undefined : rest });
  }
  const configPath = posix.join(root, CONFIG_NAME);
  const config = textAt(io, configPath);
  const [made] = await repository.localConfig(MADE);
  const remarks: string[] = [];
  if (config !== undefined && made === hashOf(config))
    edits.push({ path: configPath, before: config, after: undefined });
  else if (config !== undefined) remarks.push(`${CONFIG_NAME} stays: it is not as "sotto init" made it here`);
  const settings = await ownSettings(repository);
  if (!isDry) {
    await apply(edits, io);
    for (const { name } of settings) await repository.unsetConfig(name);
    if (made !== undefined) await repository.unsetConfig(MADE);
  }
  const steps: Step[] = [
    ...edits.map(
      ({ path, after }): Step => ({
        sign: after === undefined ? '-' : '~',
        what: posix.relative(root, path),
        how: 'what "sotto init" put there',
      }),
    ),
    ...(settings.length === 0 ? [] : [{ sign: '-' as const, what: '.git/config', how: sections(settings) }]),
  ];
  return { steps, remarks, next: undefined };
}
