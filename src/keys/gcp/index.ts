import { cloudKind } from '../cloud.ts';
import { textIn } from '../entry.ts';
import type { KeyKind } from '../kind.ts';

/** Keys of Google Cloud KMS. */
export const gcpKms: KeyKind = cloudKind({
  name: 'gcp_kms',
  fields: { resource_id: 'projects/…/locations/…/keyRings/…/cryptoKeys/…' },
  messageNumber: 3,
  flag: { name: 'gcp-kms', variable: 'SOPS_GCP_KMS_IDS', help: 'GCP KMS resource names' },
  rule: { field: 'gcp_kms', item: { resource_id: 'resource_id' } },
  look: { pattern: /^projects\/.*\/cryptoKeys\//, what: 'a GCP KMS key' },
  idOf: ({ resource_id: id }) => textIn(id),
  fieldsOf: (id) => ({ resource_id: id.replaceAll(' ', '') }),
  client: async () => (await import('./client.ts')).gcpClient,
});
