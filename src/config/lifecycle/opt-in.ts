import type { Config } from '../config.ts';

/** Whether a configuration asks for dates in its files, and for their age to be looked at. */
export function hasLifecycle(config: Pick<Config, 'root'> | undefined): boolean {
  return config?.root?.get('sotto')?.get('lifecycle')?.boolean === true;
}
