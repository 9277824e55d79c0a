import { type Cipher, createCipher } from '../../src/core/sops/cipher.ts';
import { type Metadata, readMetadata } from '../../src/core/sops/metadata.ts';
import { compilePolicy, DEFAULT_SELECTOR, type Selector } from '../../src/core/sops/policy.ts';
import { withoutMark } from '../../src/core/splice/byte-order-mark.ts';
import { type Decryption, decryptDocument } from '../../src/core/splice/decryption.ts';
import { encryptDocument } from '../../src/core/splice/encryption.ts';
import type { Format } from '../../src/core/splice/format.ts';
import { KINDS_IN_GROUPS } from '../../src/keys/index.ts';
import { formatNamed } from './format-named.ts';

/** The cipher of all files in tests that need no keys; it makes and opens tokens together from 100 on. */
export const CIPHER: Cipher = createCipher(new Uint8Array(32).fill(7), 100);

const LAST_MODIFIED = '2026-01-02T03:04:05Z';

/** A format that has to be there. */
export function requireFormat(name: string): Format {
  const format = formatNamed(name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format;
}

/** Metadata of a file that is to be encrypted. */
export function metadataWith(selector: Selector, macOnlyEncrypted = false): Metadata {
  return {
    groups: [[{ kind: 'age', fields: { recipient: 'age1x', enc: 'x' } }]],
    lists: KINDS_IN_GROUPS,
    lastModified: '',
    mac: '',
    selector,
    macOnlyEncrypted,
    version: '3.13.2',
    unknown: {},
  };
}

/** Encrypt a text with {@link CIPHER}, onto an earlier version if one is given. */
export async function seal(
  text: string,
  format: Format,
  selector: Selector = DEFAULT_SELECTOR,
  previous?: Decryption,
): Promise<string> {
  const result = encryptDocument(text, {
    format,
    cipher: CIPHER,
    policy: await compilePolicy(selector),
    metadata: metadataWith(selector),
    lastModified: LAST_MODIFIED,
    ...(previous === undefined ? {} : { previous }),
  });
  return result.text;
}

/** Decrypt a text that was encrypted with {@link CIPHER}. */
export async function open(text: string, format: Format, ignoreMac = false): Promise<Decryption> {
  const document = format.read(withoutMark(text, format));
  const [root] = document.roots;
  const metadata = root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS);
  if (metadata === undefined) throw new Error('no metadata');
  const policy = await compilePolicy(metadata.selector);
  return decryptDocument(document, { format, cipher: CIPHER, policy, metadata, ignoreMac });
}

/** What an encrypted text looks like: tokens by their type, the metadata left out. */
export function shapeOf(sealed: string): string {
  return sealed
    .replace(/^sops:\n(?: .*\n)*/gm, '')
    .replace(/ENC\[AES256_GCM,[^\]]*,type:(\w+)\]/g, (_, type: string) => `<${type}>`);
}

/** A YAML file as sops would write it, with tokens where `str(…)`, `comment(…)` stand, made for the path behind `@`. */
export function asSops(template: string): string {
  const body = template.replace(
    /\b(str|int|float|comment)\((.*?)@(.*?)\)/gs,
    (_, type: 'str' | 'int' | 'float' | 'comment', text: string, aad: string) =>
      CIPHER.encrypt(type === 'comment' ? { comment: text } : { type, text }, aad),
  );
  return body.replace(
    /^sops:.*$/m,
    (line) =>
      `${line}\n    age:\n        - enc: x\n          recipient: age1x\n    lastmodified: "${LAST_MODIFIED}"\n    mac: x\n    version: 3.13.2`,
  );
}
