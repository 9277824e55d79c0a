const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
const LINE_LENGTH = 64;

/** Bytes as an armored age file: base64 in lines of 64 characters, with a line break at the end. */
export function armor(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [BEGIN, ...lines, END, ''].join('\n');
}

/** The bytes of an armored age file; white space around it and at line ends does not matter. @throws Error */
export function dearmor(text: string): Uint8Array {
  const [first, ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
  const last = lines.pop();
  if (first !== BEGIN || last !== END) throw new Error('it is no armored age file');
  const isShort = lines.some(
    (line, index) => line === '' || (index < lines.length - 1 && line.length !== LINE_LENGTH),
  );
  const body = lines.join('');
  if (isShort || body.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(body)) {
    throw new Error('the armored age file is damaged');
  }
  return Buffer.from(body, 'base64');
}
