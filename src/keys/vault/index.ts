import type { MetadataMap } from '../../core/sops/metadata.ts';
import { cloudKind } from '../cloud.ts';
import { textIn } from '../entry.ts';
import type { KeyKind } from '../kind.ts';

/** Keys of the transit engine of Vault and OpenBao. */
export const vaultTransit: KeyKind = cloudKind({
  name: 'hc_vault',
  fields: {
    vault_address: 'https://VAULT:8200',
    engine_path: 'Where the transit engine is mounted.',
    key_name: 'The key.',
  },
  isInEveryGroup: true,
  messageNumber: 5,
  flag: { name: 'hc-vault-transit', variable: 'SOPS_VAULT_URIS', help: 'Vault transit URIs' },
  rule: { field: 'hc_vault_transit_uri', groupField: 'hc_vault' },
  look: { pattern: /^https?:\/\/.*\/v1\/.*\/keys\//, what: 'a Vault key' },
  idOf: ({ vault_address: address, engine_path: engine, key_name: name }) =>
    `${textIn(address)}/v1/${textIn(engine)}/keys/${textIn(name)}`,
  fieldsOf,
  client: async () => (await import('./client.ts')).vaultClient,
});

/** sops `hcvault/keysource.go`, engineAndKeyFromPath: the word in front of the key's name is not looked at. */
function fieldsOf(id: string): MetadataMap {
  const [, address, engine, name] =
    /^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/v\d+\/(.+)\/[^/]+\/([^/]+)\/*$/i.exec(id) ?? [];
  if (address === undefined || engine === undefined || name === undefined)
    throw new Error('it is not https://VAULT:8200/v1/ENGINE/keys/NAME');
  return { vault_address: address, engine_path: engine, key_name: name };
}
