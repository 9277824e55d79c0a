import type { MetadataMap } from '../core/metadata.ts';
import type { KeyKind } from './key.ts';
import { kmsFields, kmsId } from './kms-name.ts';

/** How the recipients of a kind are spelled, and what stands in their entries for it. */
export type CloudName = Pick<KeyKind, 'name' | 'idOf' | 'fieldsOf'>;

/** The kinds of key of cloud services, with the texts of sops. */
export const CLOUD_NAMES: readonly CloudName[] = [
  { name: 'kms', idOf: kmsId, fieldsOf: kmsFields },
  {
    name: 'gcp_kms',
    idOf: ({ resource_id: id }) => text(id),
    fieldsOf: (id) => ({ resource_id: id.replaceAll(' ', '') }),
  },
  { name: 'hckms', idOf: ({ key_id: id }) => text(id), fieldsOf: hckmsFields },
  {
    name: 'azure_kv',
    idOf: ({ vault_url: url, name, version }) => `${text(url)}/keys/${text(name)}/${text(version)}`,
    fieldsOf: azureFields,
  },
  {
    name: 'hc_vault',
    idOf: ({ vault_address: address, engine_path: engine, key_name: name }) =>
      `${text(address)}/v1/${text(engine)}/keys/${text(name)}`,
    fieldsOf: vaultFields,
  },
];

/** sops `hckms/keysource.go`, parseKeyID. */
function hckmsFields(id: string): MetadataMap {
  if (!/^\s*[^:\s][^:]*:\s*\S/.test(id)) throw new Error('it is not REGION:KEY-UUID');
  return { key_id: id };
}

/** sops `azkv/keysource.go`, NewMasterKeyFromURL; it asks Azure for the newest version where none is named. */
function azureFields(id: string): MetadataMap {
  const [, url, name, version = ''] =
    /^(https:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]*))?$/.exec(id.trim()) ?? [];
  if (url === undefined || name === undefined) throw new Error('it is not https://VAULT/keys/NAME/VERSION');
  if (version === '') throw new Error('name its version as well, as in https://VAULT/keys/NAME/VERSION');
  return { vault_url: url, name, version };
}

/** sops `hcvault/keysource.go`, engineAndKeyFromPath: the word in front of the key's name is not looked at. */
function vaultFields(id: string): MetadataMap {
  const [, address, engine, name] =
    /^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/v\d+\/(.+)\/[^/]+\/([^/]+)\/*$/i.exec(id) ?? [];
  if (address === undefined || engine === undefined || name === undefined)
    throw new Error('it is not https://VAULT:8200/v1/ENGINE/keys/NAME');
  return { vault_address: address, engine_path: engine, key_name: name };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
