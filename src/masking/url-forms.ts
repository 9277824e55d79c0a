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

/** Programs that escape, by what they keep. */
interface Escapes {
  /** In forms: each of them also with `+` for a blank. */
  readonly forms: readonly string[][];
  readonly urls: readonly string[][];
}

let made: Escapes | undefined;

/** Some thousand texts, so they are made when the first secret is looked at: whoever has none need not wait. */
function escapes(): Escapes {
  made ??= {
    // RFC 3986, JavaScript's encodeURIComponent, and forms in HTML.
    forms: urlEscapes('~', "~!'()*", '*'),
    urls: urlEscapes(
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
    ),
  };
  return made;
}

/** In the spellings of URLs and forms that programs use, with hexadecimal digits in both cases. */
export function urlForms(secret: string): string[] {
  if (/^[\w.-]*$/.test(secret)) return [];
  const bytes = Array.from(UTF_8.encode(secret));
  const escapeWith = (table: readonly string[]): string => bytes.map((byte) => table[byte]).join('');
  const { forms: ofForms, urls } = escapes();
  const forms = ofForms.map(escapeWith).flatMap((form) => [form, form.replaceAll('%20', '+')]);
  const all = [...forms, ...urls.map(escapeWith)];
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}
