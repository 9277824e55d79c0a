import { type Block, blocksFor, type Group, type Settling } from './block.ts';
import type { Canon } from './canon.ts';

/** The number of what a group says once conflicts are settled. */
export function saying(group: Group, side: Settling, canon: Canon): number {
  const blocks = blocksFor(group, side);
  const values = blocks.map((block) => numberOf(block, side, canon));
  if (group.kind === 'list') return canon.list(values);
  if (group.kind === 'map')
    return canon.map(blocks.map(({ path }, index) => [String(path.at(-1)), values[index] ?? 0]));
  return canon.text(`flat ${JSON.stringify(blocks.map(({ id }, index) => [id, values[index]]).sort())}`);
}

function numberOf({ body, canon: known, scalar }: Block, side: Settling, canon: Canon): number {
  if (typeof body !== 'string') return saying(body, side, canon);
  // What an alias stands for can be another thing than in the text that it comes from.
  if (scalar === undefined && body.startsWith('*')) return canon.text(`alias ${body}`);
  return known >= 0 || scalar === undefined ? known : canon.value(scalar.value);
}
