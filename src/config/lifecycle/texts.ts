import type { ConfigValue } from '../value.ts';

/** The texts of a list, which may be one text alone; empty where nothing stands there. */
export function textsOf(value: ConfigValue | undefined): ConfigValue[] {
  if (value === undefined) return [];
  return value.type === 'array' ? value.items() : [value];
}
