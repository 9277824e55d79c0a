import { randomUUID } from 'node:crypto';
import type { Generator } from './recipe.ts';

/** A random UUID, version 4 (RFC 9562), which has 122 bits. */
export const uuid: Generator = () => ({
  says: 'a UUID, 122 bits',
  of: [],
  make: async () => ({ text: randomUUID() }),
});
