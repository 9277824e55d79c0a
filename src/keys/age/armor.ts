import { AgeError } from './stanza.ts';

/** The first line of an armored age file. */
export const ARMOR_BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
const LINE_LENGTH = 64;
/** White space around the armor that age reads (age `armor/armor.go`, maxWhitespace). */
const MAX_BLANK = 1024;

/** Bytes as an armored age file: base64 in lines of 64 characters, with a line break at the end. */
export function armor(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [ARMOR_BEGIN, ...lines, END, ''].join('\n');
}

/**
 * The bytes of an armored age file, read as strictly as age does: white space only around it, lines of 64 characters,
 * canonical base64. Lines may end in CRLF.
 *
 * @throws AgeError `armor`
 */
export function dearmor(text: string): Uint8Array {
  const body = text.trim();
  if (text.length - body.length > MAX_BLANK)
    throw new AgeError('armor', 'there is too much white space around the armored age file');
  const [first, ...lines] = body.split(/\r?\n/);
  if (first !== ARMOR_BEGIN) throw new AgeError('armor', 'it is no armored age file');
  if (lines.pop() !== END) throw new AgeError('armor', 'the armored age file is cut off');
  const isBroken = lines.some((line, index) =>
    index < lines.length - 1 ? line.length !== LINE_LENGTH : line === '' || line.length > LINE_LENGTH,
  );
  const joined = lines.join('');
  const bytes = Buffer.from(joined, 'base64');
  if (isBroken || bytes.toString('base64') !== joined)
    throw new AgeError('armor', 'the armored age file is damaged');
  return bytes;
}
