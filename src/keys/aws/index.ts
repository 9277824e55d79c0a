import type { MetadataMap } from '../../core/sops/metadata.ts';
import { cloudKind } from '../cloud.ts';
import { textIn } from '../entry.ts';
import type { KeyKind, KeySettings } from '../kind.ts';

/** Keys of AWS KMS. Their text is as sops prints it: `arn[+role][|context[|profile]]` (sops `kms/keysource.go`, ToString). */
export const awsKms: KeyKind = cloudKind({
  name: 'kms',
  fields: {
    arn: 'The key, arn:aws:kms:REGION:ACCOUNT:key/ID, or an alias of it.',
    role: 'The role that may use it.',
    context: 'The encryption context.',
    aws_profile: 'The profile that has the credentials.',
  },
  always: ['aws_profile'],
  mapping: 'context',
  messageNumber: 1,
  flag: { name: 'kms', short: 'k', variable: 'SOPS_KMS_ARN', help: 'AWS KMS ARNs' },
  rule: {
    field: 'kms',
    profileField: 'aws_profile',
    item: { arn: 'arn', role: 'role', context: 'context', aws_profile: 'aws_profile' },
  },
  look: { pattern: /^arn:aws/, what: 'an AWS KMS key' },
  idOf,
  fieldsOf,
  withSettings,
  client: async () => (await import('./client.ts')).awsClient,
});

function idOf({ arn, role, context, aws_profile: profile }: MetadataMap): string {
  const key = textIn(role) === '' ? textIn(arn) : `${textIn(arn)}+${textIn(role)}`;
  const pairs =
    typeof context === 'object' && context !== null && !Array.isArray(context)
      ? Object.entries(context)
          .map(([name, value]) => `${name}:${textIn(value)}`)
          .sort()
          .join(',')
      : '';
  return joined(key, pairs, textIn(profile));
}

/** @throws Error when the context can't be told apart */
function fieldsOf(id: string): MetadataMap {
  const [key = '', pairs = '', profile = ''] = id.split('|');
  const bare = key.replaceAll(' ', '');
  // A path of an ARN may hold a plus, but no colon (sops `NewMasterKeyFromArn`).
  const seam = bare.indexOf('+arn:');
  const context = Object.fromEntries(pairs === '' ? [] : pairs.split(',').map(pair));
  return {
    arn: seam > 0 ? bare.slice(0, seam) : bare,
    ...(seam > 0 ? { role: bare.slice(seam + 1) } : {}),
    ...(pairs === '' ? {} : { context }),
    aws_profile: profile,
  };
}

function withSettings(id: string, { context = '', profile = '' }: KeySettings): string {
  const [key = '', ownContext = '', ownProfile = ''] = id.split('|');
  return joined(
    key,
    (ownContext === '' ? context : ownContext).split(',').sort().join(','),
    ownProfile === '' ? profile : ownProfile,
  );
}

function joined(key: string, pairs: string, profile: string): string {
  if (profile !== '') return `${key}|${pairs}|${profile}`;
  return pairs === '' ? key : `${key}|${pairs}`;
}

function pair(text: string): [string, string] {
  const [name, value, ...more] = text.split(':');
  if (name === undefined || value === undefined || more.length > 0)
    throw new Error('its encryption context is not key:value,key:value');
  return [name, value];
}
