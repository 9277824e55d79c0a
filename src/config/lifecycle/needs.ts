import { shortPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import type { SecretEntry } from './entry.ts';
import type { Need } from './renewal.ts';

/**
 * See that no value needs itself to be renewed, over others.
 *
 * @throws SottoError `config-invalid` with the line of a need that closes a circle
 */
export async function refuseCycle(entries: readonly SecretEntry[]): Promise<void> {
  const done = new Set<SecretEntry>();
  const above = new Set<SecretEntry>();
  const visit = async (entry: SecretEntry): Promise<void> => {
    if (done.has(entry)) return;
    above.add(entry);
    for (const need of needsOf(entry)) {
      const renewing = await entryRenewing(entries, need);
      if (renewing === undefined) continue;
      if (above.has(renewing)) throw cycleAt(need);
      await visit(renewing);
    }
    above.delete(entry);
    done.add(entry);
  };
  for (const entry of entries) await visit(entry);
}

function needsOf({ terms }: SecretEntry): readonly Need[] {
  return terms.renew?.value.needs ?? [];
}

/** The entry that says how a value is renewed. */
async function entryRenewing(
  entries: readonly SecretEntry[],
  { file, path }: Need,
): Promise<SecretEntry | undefined> {
  for (const entry of entries) {
    if (entry.terms.renew === undefined || !entry.matchesValue(path)) continue;
    if (await entry.matchesFile(file)) return entry;
  }
  return undefined;
}

function cycleAt({ file, path, place }: Need): SottoError {
  const name = `${oneLine(file)}#${shortPath(path)}`;
  return new SottoError('config-invalid', `to renew ${name}, the value itself would be needed`, {
    ...place,
    hint: 'needs may not lead back to where they began; an entry of its own for that value, without needs, ends the circle',
  });
}
