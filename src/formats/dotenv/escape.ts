/** A value as sops writes it: `\n` for a line break, anything else as it is (sops `stores/dotenv`). */
export function escapeBreaks(value: string): string {
  return value.replaceAll('\n', '\\n');
}

/** A value as sops reads it. A backslash followed by n is always a line break: there is no way to write the two. */
export function unescapeBreaks(text: string): string {
  return text.replaceAll('\\n', '\n');
}
