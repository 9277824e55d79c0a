import type { SecretAge } from '../../commands/lifecycle/ages.ts';
import { printPath } from '../../core/tree/path.ts';
import { lastModifiedOf } from '../../core/tree/time.ts';

/** What `--json` has of how old a value is. */
export const AGE_FIELDS =
  '{file, path, document, state, due, changed, unchangedSince, evidence, expires, owner, maxAge, consumers}';

/** An age as {@link AGE_FIELDS} says; the value is not in it. */
export function ageReport({ file, path, document, terms, age, expires, standing }: SecretAge): object {
  return {
    file,
    path: printPath(path),
    document,
    state: standing.state,
    due: standing.due === undefined ? null : lastModifiedOf(new Date(standing.due)),
    changed: age.since ?? null,
    unchangedSince: age.unchangedSince ?? null,
    evidence: age.evidence,
    expires: expires ?? null,
    owner: terms.owner?.value ?? null,
    maxAge: terms.maxAge?.value.text ?? null,
    consumers: terms.consumers?.value ?? [],
  };
}
