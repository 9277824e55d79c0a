const NAMED: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);

/** A string on one line: in single quotes where that saves escapes. */
export function quoted(text: string): string {
  const isPlain = !/[\0-\x1f\x7f"\\]/.test(text);
  if (isPlain) return `"${text}"`;
  if (!/[\0-\x08\x0a-\x1f\x7f']/.test(text) && /["\\]/.test(text)) return `'${text}'`;
  return `"${text.replace(/[\0-\x1f\x7f"\\]/g, escaped)}"`;
}

/** A string, on lines of its own if it has several: in `'''` where that saves escapes. */
export function multiLine(text: string, lineBreak: string): string {
  if (!text.includes('\n')) return quoted(text);
  const hasControls = /[\0-\x08\x0b-\x1f\x7f]/.test(text);
  const isRaw = !hasControls && text.includes('\\') && !text.includes("'''");
  const body = isRaw ? text : text.replace(/[\0-\x08\x0b-\x1f\x7f\\]|"(?="")|"$/g, escaped);
  const quotes = isRaw ? "'''" : '"""';
  return `${quotes}\n${body}${quotes}`.replaceAll('\n', lineBreak);
}

/** A key, in quotes if it needs them. */
export function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key);
}

function escaped(char: string): string {
  return NAMED.get(char) ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
