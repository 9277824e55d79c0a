import { createHash } from 'node:crypto';
import { bodyOf } from '../core/splice/metadata-edits.ts';
import { shapeOf, type Version } from './compare/version.ts';

/** As many digits of the hash of a token as tell it from others of its file. */
const DIGITS = 6;
const TOKEN = /ENC\[AES256_GCM,data:[^\]\n]*\]/g;

/** An encrypted file without its metadata, each token as short as shows that it changed: `[str 6 #3f2a9c]`. */
export function maskedText({ document }: Version): string {
  return maskTokens(bodyOf(document));
}

/** The same for a text that can't be read. */
export function maskTokens(text: string): string {
  return text.replace(TOKEN, (token) => {
    const { type, length } = shapeOf(token);
    return `[${type} ${length} #${createHash('sha256').update(token).digest('hex').slice(0, DIGITS)}]`;
  });
}
