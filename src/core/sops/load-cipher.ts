import { type Cipher, createCipher, hasNativeCipher } from './cipher.ts';

/**
 * The cipher of a file: by node:crypto, or in JavaScript where that has no AES-GCM for sops's long IVs.
 *
 * @param dataKey 32 bytes; not kept, so it can be zeroed afterwards
 * @param isNative whether node:crypto does it; found out if left out
 */
export async function loadCipher(
  dataKey: Uint8Array,
  isNative: boolean = hasNativeCipher(dataKey.length),
): Promise<Cipher> {
  if (isNative) return createCipher(dataKey);
  const { createNobleCipher } = await import('./noble-cipher.ts');
  return createNobleCipher(dataKey);
}
