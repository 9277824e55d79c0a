import { dirname } from 'node:path';
import { SottoError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import { oneLine } from '../../text/printable.ts';
import type { Config } from '../config.ts';
import { rootOf } from '../read.ts';
import { checkPolicy } from '../schema.ts';
import type { ConfigValue } from '../value.ts';
import { readEntries } from './entry.ts';
import { refuseCycle } from './needs.ts';
import { hasLifecycle } from './opt-in.ts';
import type { PolicyPart } from './policy.ts';

/**
 * What a configuration asks of the values of its files; nothing, where it does not say `lifecycle: true`.
 *
 * @throws SottoError `config-invalid` with line and column
 */
export async function readPolicy(config: Config): Promise<PolicyPart> {
  const sotto = config.root?.get('sotto');
  const secrets = hasLifecycle(config) ? sotto?.get('secrets') : undefined;
  if (secrets !== undefined) checkPolicy(secrets, config.path, 'secrets');
  const entries = readEntries(secrets);
  if (sotto !== undefined) requireOwners(entries, sotto);
  await refuseCycle(entries);
  return { strength: 'repository', folder: dirname(config.path), entries };
}

/**
 * Read a policy that stands in a file of its own, as `secrets:` does below `sotto:`.
 *
 * @param path for messages @param folder absolute; the paths of its entries begin there
 * @throws SottoError `config-invalid` with line and column
 */
export async function readPolicyText(
  text: string,
  path: string,
  { folder, strength }: Omit<PolicyPart, 'entries'>,
): Promise<PolicyPart> {
  const root = rootOf(text, path);
  if (root !== undefined) checkPolicy(root, path, 'file');
  const entries = readEntries(root?.get('secrets'));
  await refuseCycle(entries);
  return { strength, folder, entries };
}

/** Where people have names, an owner is one of them; an address speaks for itself. @throws SottoError `config-invalid` */
function requireOwners(entries: PolicyPart['entries'], sotto: ConfigValue): void {
  const known = ['people', 'teams'].flatMap((list) =>
    (sotto.get(list)?.entries() ?? []).map(({ key }) => key),
  );
  for (const { owner } of entries.map(({ terms }) => terms)) {
    if (owner === undefined || known.length === 0) continue;
    const { value, place } = owner;
    if (known.includes(value) || value.includes('@')) continue;
    const near = nearest(value, known);
    throw new SottoError(
      'config-invalid',
      `the owner ${oneLine(value)} is nobody of sotto.people or sotto.teams`,
      {
        ...place,
        hint: near === undefined ? 'name one of them, or an address' : `did you mean ${oneLine(near)}?`,
      },
    );
  }
}
