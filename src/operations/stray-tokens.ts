import { hasMetadata } from '../core/sops/metadata-key.ts';
import { hasTokens } from '../core/sops/token.ts';
import { withoutMark } from '../core/splice/byte-order-mark.ts';
import type { Format } from '../core/splice/format.ts';
import { type Leaf, printPlace } from '../core/splice/leaf.ts';
import { plainLeaves } from '../core/splice/leaf-walk.ts';
import { SottoError } from '../errors.ts';
import { lineOf } from '../text/position.ts';
import type { Content } from './content.ts';

/** How a token begins, also where a format leaves quotes around it. */
const TOKEN = /^["'\s]*ENC\[AES256_GCM,/;

/**
 * Refuse encrypted values that lost their metadata, and so the key to them: encrypted once more they would look well.
 *
 * @throws SottoError `already-encrypted`
 */
export function refuseStrayTokens(content: Content, format: Format): void {
  if ('text' in content && !hasTokens(content.text)) return;
  const document =
    'roots' in content
      ? { format, text: '', roots: content.roots }
      : (content.document ?? format.read(withoutMark(content.text, format)));
  // That is an encrypted file, which has an error of its own.
  if (document.roots.some(hasMetadata)) return;
  const leaf = [...plainLeaves(document)].find(isToken);
  if (leaf === undefined) return;
  const { text } = document;
  const message = `${printPlace(leaf, text)} is encrypted already, but the sops block that belongs to it is not there`;
  throw new SottoError('already-encrypted', message, {
    ...(text === '' ? {} : { line: lineOf(text, leaf.node.place.start) }),
    hint: 'restore the file from git, block and all ("git log -p FILE" shows it); or take the value out, and set it anew',
  });
}

function isToken({ node }: Leaf): boolean {
  return TOKEN.test(node.kind === 'comment' ? node.text : node.value.text);
}
