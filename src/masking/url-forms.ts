const UTF_8 = new TextEncoder();

/** What stands in the place of each byte. All programs keep letters, digits, `-`, `.` and `_`, and these: */
function urlEscapes(...kept: string[]): string[][] {
  return kept.map((more) => Array.from({ length: 256 }, (_, byte) => escapeByte(byte, more)));
}

function escapeByte(byte: number, kept: string): string {
  const char = String.fromCharCode(byte);
  if (/[A-Za-z0-9\-._]/.test(char) || kept.includes(char)) return char;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** RFC 3986, JavaScript's encodeURIComponent, and forms in HTML; each of them also with `+` for a blank. */
const FORM_ESCAPES = urlEscapes('~', "~!'()*", '*');
const URL_ESCAPES = urlEscapes(
  // Python's quote.
  '~/',
  // JavaScript's encodeURI, and password, path and query of a URL object (WHATWG URL, 1.3).
  "~!'()*;,/?:@&=+$#",
  "~!'()*&+,$%",
  "~!'()*&+,$%;=:@/[]^|",
  '~!()*&+,$%;=:@/[]^|?\\`{}',
  // A path: RFC 3986, and Go, which has other rules for one segment of it, and for a password.
  "~!'()*&+,$;=:@/",
  '~&+,$;=:@/',
  '~&+$=:@',
  '~&+,$;=',
);

/** In the spellings of URLs and forms that programs use, with hexadecimal digits in both cases. */
export function urlForms(secret: string): string[] {
  if (/^[\w.-]*$/.test(secret)) return [];
  const bytes = Array.from(UTF_8.encode(secret));
  const escapeWith = (escapes: readonly string[]): string => bytes.map((byte) => escapes[byte]).join('');
  const forms = FORM_ESCAPES.map(escapeWith).flatMap((form) => [form, form.replaceAll('%20', '+')]);
  const all = [...forms, ...URL_ESCAPES.map(escapeWith)];
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}
