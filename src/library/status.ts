import { isEncrypted } from '../operations/open.ts';
import { sourceOf, type TextOptions } from './text.ts';
import { speaking } from './words.ts';

/**
 * Whether a text is encrypted.
 *
 * @example
 * const { encrypted }: FileStatus = await fileStatus('password: hunter2\n', { format: 'yaml' });
 * encrypted; // false
 */
export interface FileStatus {
  readonly encrypted: boolean;
}

/**
 * Whether a text is encrypted; needs no key.
 *
 * @throws SottoError `input-invalid`
 *
 * @example
 * (await fileStatus(encrypted, { format: 'yaml' })).encrypted; // true
 */
export async function fileStatus(text: string, options: TextOptions): Promise<FileStatus> {
  return speaking('text', async () => ({ encrypted: isEncrypted(await sourceOf(text, options)) }));
}
