import { conventionsOf } from '../core/sops/conventions.ts';
import { readAny, type Source } from './open.ts';

/** Whether a file is encrypted, as sops tells: it has metadata with a version, where there is to be one, and a MAC. */
export function isEncrypted(source: Source): boolean {
  const { metadata } = readAny(source);
  if (metadata === undefined || metadata.mac === '') return false;
  return metadata.version !== '' || !conventionsOf(source.format).needsVersion;
}
