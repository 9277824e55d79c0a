import type { Document } from '../../../core/splice/format.ts';
import { partsOf } from '../../../core/tree/rows.ts';
import type { MapNode } from '../../../core/tree/tree.ts';
import { printYaml } from './print.ts';

/**
 * The text that is encrypted in place of each document, `undefined` where that is its own. The metadata has to be a
 * block at the top: other programs look for a line `sops:`, and for `mac: ENC[`, which can't stand in braces. And what
 * has no value at all comes back as `{}` unless a note says otherwise.
 */
export function carryYaml({ text, roots, bodies = [] }: Document): (string | undefined)[] {
  return roots.map((root, number) => {
    const body = bodies[number];
    const isFlow = root.place.syntax === 'flow';
    if (body === undefined || (!isFlow && partsOf(root).some(({ kind }) => kind !== 'comment')))
      return undefined;
    if (!isFlow) return text.slice(body.start, body.end);
    return printed(root, number === 0);
  });
}

function printed(root: MapNode, isFirst: boolean): string {
  const block = printYaml([root]);
  // Nothing but comments is no document without a mark.
  if (root.items.every(({ kind }) => kind === 'comment')) return `---\n${block.replace(/\{\}\n$/, '')}`;
  return isFirst ? block : `---\n${block}`;
}
