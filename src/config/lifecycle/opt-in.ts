import type { Warning } from '../../core/splice/warning.ts';
import type { Config } from '../config.ts';

/** Whether a configuration asks for dates in its files, and for their age to be looked at. */
export function hasLifecycle(config: Pick<Config, 'root'> | undefined): boolean {
  return config?.root?.get('sotto')?.get('lifecycle')?.boolean === true;
}

/** Whoever writes duties, and forgets to ask for them, is told so; `lifecycle: false` is meant. */
export function forgottenLifecycle({ root }: Pick<Config, 'root'>): readonly Warning[] {
  const sotto = root?.get('sotto');
  const secrets = sotto?.get('secrets');
  if (secrets === undefined || sotto?.get('lifecycle') !== undefined) return [];
  const { file, line } = secrets.place;
  const message = 'what sotto: secrets: asks of values does not count';
  return [{ message, hint: 'write lifecycle: true beside it, under sotto:', file, line, notInSops: true }];
}
