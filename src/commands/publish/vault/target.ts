import type { Destination } from '../../../config/config.ts';
import type { Warning } from '../../../core/splice/warning.ts';
import { printPath } from '../../../core/tree/path.ts';
import type { Io } from '../../../io/io.ts';
import { readVaultSettings } from '../../../keys/vault/settings.ts';
import { openRoots } from '../../../operations/content.ts';
import { pathsOfLosses, readObject } from '../../../operations/held-secret.ts';
import { openFile } from '../../../operations/open.ts';
import { publishedText } from '../../../operations/published.ts';
import type { CommonOptions, Tools } from '../../settings.ts';
import { readSource } from '../../source.ts';
import type { Target } from '../target.ts';
import { VaultClient } from './client.ts';

/** Clients by the address that rules name: one for each server. */
export type VaultClients = Map<string | undefined, VaultClient>;

/** A file that goes into Vault. */
export interface VaultItem {
  readonly file: string;
  /** Below the rule's path, with slashes. */
  readonly name: string;
  readonly destination: Destination & { readonly kind: 'vault' };
}

/** The values of a file as a secret of Vault's KV. */
export function vaultTarget(
  { file, name, destination }: VaultItem,
  options: CommonOptions,
  tools: Tools & { readonly vaults: VaultClients },
  io: Io,
): Target {
  const { mount, version, path, address } = destination;
  const segments = [mount, version === 2 ? 'data' : '', path, name]
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '' && part !== '.');
  const { warn } = options;
  const client = tools.vaults.get(address) ?? new VaultClient(readVaultSettings(io, address, warn), io, warn);
  tools.vaults.set(address, client);
  return {
    url: client.urlOf({ segments }).href,
    prepare: async () => {
      const { text, warnings } = await valuesOf(file, options, tools, io);
      return {
        warnings: [...warnings, ...(version === 2 ? lossWarnings(text) : [])],
        put: () => client.put({ segments, version, text }),
      };
    },
  };
}

async function valuesOf(
  file: string,
  options: CommonOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<{ readonly text: string; readonly warnings: readonly Warning[] }> {
  const source = await readSource(io, { ...options, file, name: file }, configurations, 'update');
  const { content, warnings } = await openRoots(await openFile(source, keyring));
  const published = publishedText(content.roots);
  return { text: published.text, warnings: [...source.warnings, ...warnings, ...published.warnings] };
}

/** Version 2 of Vault's KV keeps numbers as floating-point numbers. */
function lossWarnings(text: string): Warning[] {
  const root = readObject(text);
  const paths = root === undefined ? [] : pathsOfLosses(root).map(printPath);
  if (paths.length === 0) return [];
  return [
    {
      message: `version 2 of Vault's KV keeps only the first 15 to 17 digits of ${paths.join(', ')}`,
      hint: 'make it a text, in quotes',
    },
  ];
}
