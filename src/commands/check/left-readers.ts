import { isSameRecipient, nameOf } from '../../keys/index.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { without } from './access.ts';
import type { Readers } from './readers.ts';
import { isConfig, ruleName } from './rulebook.ts';
import type { State } from './state.ts';
import type { Versions } from './versions.ts';
import { readersByRule } from './widened.ts';

/** Files that still have readers whom a change takes out of their rules: in a configuration nobody is removed. */
export async function leftReaders(
  before: State,
  after: State,
  means: { readonly readers: Readers; readonly versions: Versions },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [path, blob] of after.blobs) {
    if (isConfig(path)) continue;
    const [was, is] = [
      await readersByRule(before, path, means.readers),
      await readersByRule(after, path, means.readers),
    ];
    if (was === undefined || is === undefined || is.recipients.length === 0) continue;
    const gone = without(was.recipients, is.recipients);
    if (gone.length === 0) continue;
    const held = (await means.versions.sealed(path, blob))?.metadata.groups.flat().map(nameOf) ?? [];
    // Who is gone has a name in the earlier configuration only.
    const names = before.rulebook.namesFor(path);
    for (const one of gone)
      if (held.some((other) => isSameRecipient(one, other)))
        findings.push({
          rule: 'recipient-extra',
          file: path,
          message: `${names.describe(one)} can still read it, ${ruleName(is.ruled)} does not say so any more`,
          fix: { command: ['sotto', 'sync', path], automatic: true },
        });
  }
  return findings;
}
