import { readAny, type Source } from './open.ts';

/** Whether a file is encrypted, as sops tells: it has metadata (so with a version) and a MAC. No key is needed. */
export function isEncrypted(source: Source): boolean {
  const { metadata } = readAny(source);
  return metadata !== undefined && metadata.version !== '' && metadata.mac !== '';
}
