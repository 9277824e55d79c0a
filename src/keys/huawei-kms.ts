import type { MetadataMap } from '../core/sops/metadata.ts';
import { cloudKind } from './cloud.ts';
import { textIn } from './entry.ts';
import type { KeyKind } from './kind.ts';

/** Keys of Huawei Cloud KMS. */
export const huaweiKms: KeyKind = cloudKind({
  name: 'hckms',
  fields: { key_id: 'Region and key, REGION:KEY-UUID.' },
  messageNumber: 7,
  flag: { name: 'hckms', variable: 'SOPS_HUAWEICLOUD_KMS_IDS', help: 'Huawei Cloud KMS key ids' },
  rule: { field: 'hckms', isList: true, item: { key_id: 'key_id' } },
  idOf: ({ key_id: id }) => textIn(id),
  fieldsOf,
  client: async () => (await import('./huawei-client.ts')).huaweiClient,
});

/** sops `hckms/keysource.go`, parseKeyID. */
function fieldsOf(id: string): MetadataMap {
  if (!/^\s*[^:\s][^:]*:\s*\S/.test(id)) throw new Error('it is not REGION:KEY-UUID');
  return { key_id: id };
}
