import { DEFAULT_SELECTOR, type Selector } from '../core/sops/policy.ts';
import type { Keyring } from '../keys/keyring.ts';
import { openContent } from './content.ts';
import { type EncryptOptions, encryptAs, type TextResult } from './encrypt.ts';
import { openFile, type Source } from './open.ts';

/** How a copy of an encrypted file is encrypted. */
export interface RecreateOptions
  extends Pick<EncryptOptions, 'groups' | 'threshold' | 'macOnlyEncrypted' | 'indent' | 'now'> {
  readonly keyring: Keyring;
  /** Which values are encrypted; those that are in the file unless given. */
  readonly selector: Selector | undefined;
}

/**
 * A copy of an encrypted file for other readers. It has neither the data key nor any IV of the file, so nobody can tell
 * from both which values are the same.
 *
 * @throws SottoError those of opening and encrypting
 */
export async function recreatedText(
  source: Source,
  { keyring, ...options }: RecreateOptions,
): Promise<TextResult> {
  const file = await openFile(source, keyring);
  const { metadata, format } = file;
  const { content, warnings } = await openContent(file, {});
  const isWhole = format.binary !== undefined;
  const copy = await encryptAs('text' in content ? { text: content.text } : content, format, {
    ...options,
    selector: isWhole ? undefined : asked(options.selector ?? metadata.selector),
    hidesSelector: isWhole,
    macOnlyEncrypted: !isWhole && options.macOnlyEncrypted === true,
    // What the file has in clear was decided when it was encrypted.
    allowNothing: true,
  });
  return { text: copy.text, warnings: [...warnings, ...copy.warnings] };
}

/** An expression that matches no key. */
const NOTHING = '[^\\x00-\\x{10FFFF}]';

/** A selector as a new file is asked for it, which has sops's default unless it has another one. */
function asked(selector: Selector): Selector | undefined {
  if (selector.pattern === '') return { kind: 'unencrypted_regex', pattern: NOTHING };
  const isUsual = selector.kind === DEFAULT_SELECTOR.kind && selector.pattern === DEFAULT_SELECTOR.pattern;
  return isUsual ? undefined : selector;
}
