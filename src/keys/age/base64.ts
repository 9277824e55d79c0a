/** Base64 without padding, in its one canonical form, as age headers have it. @returns `undefined` for other texts */
export function fromUnpadded(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return toUnpadded(bytes) === text ? bytes : undefined;
}

/** Bytes as base64 without padding. */
export function toUnpadded(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const end = text.indexOf('=');
  return end === -1 ? text : text.slice(0, end);
}
