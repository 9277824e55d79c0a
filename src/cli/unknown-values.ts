import { nearest } from '../core/nearest.ts';
import type { Warning } from '../core/warning.ts';
import type { Invocation } from './arguments.ts';
import { flagsOf } from './flags/index.ts';

/** Values of flags that are none of those that there are. Most do not count, as in sops, which does not say so. */
export function unknownValues({ verb, flags }: Pick<Invocation, 'verb' | 'flags'>): Warning[] {
  return flagsOf(verb ?? 'root').flatMap(({ name, kind, values }) => {
    if (values === undefined) return [];
    const given = kind === 'list' ? (flags.list(name) ?? []) : [flags.text(name) ?? ''];
    return given
      .filter((word) => word !== '' && !values.includes(word))
      .map((word) => {
        const near = nearest(word, values);
        const hint = near === undefined ? `there are ${values.join(', ')}` : `did you mean ${near}?`;
        return { message: `--${name} ${word} is not known`, hint };
      });
  });
}
