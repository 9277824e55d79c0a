import type { MetadataMap } from '../core/metadata.ts';

/** As sops prints AWS keys: `arn[+role][|context[|profile]]` (sops `kms/keysource.go`, ToString). */
export function kmsId({ arn, role, context, aws_profile: profile }: MetadataMap): string {
  const key = text(role) === '' ? text(arn) : `${text(arn)}+${text(role)}`;
  const pairs =
    typeof context === 'object' && context !== null && !Array.isArray(context)
      ? Object.entries(context)
          .map(([name, value]) => `${name}:${text(value)}`)
          .sort()
          .join(',')
      : '';
  return joined(key, pairs, text(profile));
}

/** The fields of an AWS key from its text, as {@link kmsId} prints it. @throws Error when the context can't be told apart */
export function kmsFields(id: string): MetadataMap {
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

/**
 * The text of an AWS key with what flags or a rule say on all of them; what it has itself stays.
 *
 * @param context `key:value,key:value`
 */
export function withKmsSettings(id: string, context: string, profile: string): string {
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
