import type { Format } from '../core/splice/format.ts';
import { SottoError } from '../errors.ts';
import type { FormatName } from '../formats/index.ts';
import { contentOf } from '../operations/content.ts';
import { encryptAs, type NewFileOptions } from '../operations/encrypt.ts';
import { groupsOf, type Recipients } from './keys.ts';
import { bytesOf, type Result, requireFormat, type TextOptions } from './text.ts';
import { speaking, warningsOf } from './words.ts';

/**
 * Settings of {@link encrypt}.
 *
 * @example
 * const options: EncryptOptions = {
 *   format: 'yaml',
 *   recipients: [recipient],
 *   selector: { kind: 'encrypted_regex', pattern: '^password$' },
 * };
 * /user: bob/.test((await encrypt('user: bob\npassword: hunter2\n', options)).text); // true
 */
export interface EncryptOptions extends TextOptions, NewFileOptions {
  readonly recipients: Recipients;
  /** Another format for the encrypted text. */
  readonly output?: FormatName | undefined;
  /** dotenv: `standard` reads quotes, `export` and comments beside values; the encrypted text says so. */
  readonly dialect?: 'sops' | 'standard' | undefined;
  /** For `lastmodified`; now if left out. */
  readonly now?: Date | undefined;
}

/**
 * Encrypt the values of a plain text, or the bytes of a binary file, with a new data key.
 *
 * @throws SottoError `already-encrypted`, `input-invalid` (with line and column), `recipient-invalid`,
 *   `no-recipients`, `policy-invalid`, `encrypt-failed`, `nothing-encrypted`
 *
 * @example
 * const { text } = await encrypt('password: hunter2\n', { format: 'yaml', recipients: [recipient] });
 * /^password: ENC\[AES256_GCM,/.test(text); // true
 */
export async function encrypt(plain: string | Uint8Array, options: EncryptOptions): Promise<Result> {
  return speaking('text', async () => {
    const {
      recipients,
      dialect,
      now = new Date(),
      selector,
      macOnlyEncrypted,
      allowNothing,
      indent,
    } = options;
    const format = inDialect(await requireFormat(options.format), dialect);
    const output = options.output === undefined ? format : await requireFormat(options.output);
    const { text, warnings } = await encryptAs(contentOf(bytesOf(plain), format, output), output, {
      ...(await groupsOf(recipients)),
      hidesSelector: format.binary !== undefined,
      selector,
      macOnlyEncrypted,
      allowNothing,
      indent,
      now,
    });
    return { text, changed: true, warnings: warningsOf(warnings, 'text') };
  });
}

function inDialect(format: Format, dialect: string | undefined): Format {
  const found = dialect === undefined ? format : format.dialect?.({ dialect });
  if (found !== undefined) return found;
  throw new SottoError('not-supported', `${format.name} has no such dialect: ${dialect}`, {
    hint: 'dotenv has sops and standard',
  });
}
