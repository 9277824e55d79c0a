import { SottoError } from '../errors.ts';
import { readEncrypted, type Source } from './open.ts';

/** Whether a file is encrypted, as sops tells: it has metadata (so with a version) and a MAC. No key is needed. */
export function isEncrypted(source: Source): boolean {
  try {
    return readEncrypted(source).metadata.mac !== '';
  } catch (error) {
    if (error instanceof SottoError && error.code === 'metadata-missing') return false;
    throw error;
  }
}
