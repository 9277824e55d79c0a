/** A block of PEM (RFC 7468): lines of 64 characters, the last one with a line break. */
export function pem(label: string, der: Uint8Array, width = 64): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
