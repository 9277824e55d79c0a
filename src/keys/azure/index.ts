import type { MetadataMap } from '../../core/sops/metadata.ts';
import { cloudKind } from '../cloud.ts';
import { textIn } from '../entry.ts';
import type { KeyKind } from '../kind.ts';

/** Keys of Azure Key Vault. Where a name has no version, the newest is meant when a data key is wrapped. */
export const azureKeyVault: KeyKind = cloudKind({
  name: 'azure_kv',
  fields: { vault_url: 'https://NAME.vault.azure.net', name: 'The key.', version: 'The version of the key.' },
  messageNumber: 4,
  flag: { name: 'azure-kv', variable: 'SOPS_AZURE_KEYVAULT_URLS', help: 'Azure Key Vault URLs' },
  rule: {
    field: 'azure_keyvault',
    item: { vaultUrl: 'vault_url', key: 'name', version: 'version' },
  },
  look: { pattern: /^https:\/\/[^/]+\.vault\.azure\./, what: 'an Azure Key Vault key' },
  idOf: ({ vault_url: url, name, version }) => `${textIn(url)}/keys/${textIn(name)}/${textIn(version)}`,
  fieldsOf,
  isSame,
  lack: ({ version }) =>
    textIn(version) === ''
      ? 'name its version as well, as in https://VAULT/keys/NAME/VERSION: only Azure knows the newest'
      : undefined,
  client: async () => (await import('./client.ts')).azureClient,
});

/** sops `azkv/keysource.go`, NewMasterKeyFromURL. */
function fieldsOf(id: string): MetadataMap {
  const [, url, name, version = ''] =
    /^(https:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]*))?$/.exec(id.trim()) ?? [];
  if (url === undefined || name === undefined) throw new Error('it is not https://VAULT/keys/NAME/VERSION');
  return { vault_url: url, name, version };
}

/** A name without a version stands for each of them. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((id) => /^(.+\/keys\/[^/]+)\/?([^/]*)$/.exec(id.trim()));
  if (a == null || b == null || a[1] !== b[1]) return false;
  return a[2] === '' || b[2] === '' || a[2] === b[2];
}
