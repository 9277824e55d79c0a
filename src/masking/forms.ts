const UTF_8 = new TextEncoder();

/** What is shorter is left alone: it would be found everywhere. */
const LEAST_CHARACTERS = 4;
/** A line of a longer value is looked for by itself if it has as many characters. */
const LEAST_LINE = 8;

/**
 * The texts that give a secret away: the value itself, each longer line of it, and its base64, URL-encoded and
 * JSON-escaped forms, in the spellings that programs use. None for a value of less than four characters.
 */
export function formsOf(secret: string): Uint8Array[] {
  if ([...secret.trim()].length < LEAST_CHARACTERS) return [];
  const trimmed = secret.replace(/[\r\n]+$/, '');
  const texts = [secret, trimmed].flatMap((text) => [
    ...jsonForms(text),
    ...urlForms(text),
    ...base64Forms(UTF_8.encode(text)),
  ]);
  return [...new Set([...plainForms(trimmed), ...texts])]
    .filter((text) => [...text].length >= LEAST_CHARACTERS)
    .map((text) => UTF_8.encode(text));
}

function plainForms(secret: string): string[] {
  if (!/[\r\n]/.test(secret)) return [secret];
  const lines = secret.split(/\r\n|\r|\n/);
  const longLines = lines.map((line) => line.trim()).filter((line) => [...line].length >= LEAST_LINE);
  return [secret, lines.join('\n'), lines.join('\r\n'), ...longLines];
}

/** As a JSON string has it: with and without escapes for what is not ASCII, for `/`, and for HTML. */
function jsonForms(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1);
  const html = plain.replace(/[<>&\u2028\u2029]/g, unicodeEscape);
  const ascii = plain.replace(/[^\0-\x7e]/g, unicodeEscape);
  const forms = [plain, html, ascii];
  return [...forms, ...forms.map((form) => form.replaceAll('/', '\\/'))];
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

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

/** Also with hexadecimal digits in lower case. */
function urlForms(secret: string): string[] {
  const bytes = Array.from(UTF_8.encode(secret));
  const escapeWith = (escapes: readonly string[]): string => bytes.map((byte) => escapes[byte]).join('');
  const forms = FORM_ESCAPES.map(escapeWith).flatMap((form) => [form, form.replaceAll('%20', '+')]);
  const all = [...forms, ...URL_ESCAPES.map(escapeWith)];
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/**
 * Base64 of the bytes alone, and of the bytes in the middle of others (`user:password`): only characters that no
 * neighbour has a part in, for each of the three places in which a group can begin.
 */
function base64Forms(bytes: Uint8Array): string[] {
  const standard = [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([new Uint8Array(shift), bytes]);
    const text = padded.toString('base64').replace(/=+$/, '');
    const whole = padded.length % 3 === 0 ? text.length : text.length - 1;
    return text.slice(Math.ceil((shift * 8) / 6), whole);
  });
  const alone = Buffer.from(bytes).toString('base64').replace(/=+$/, '');
  const forms = [alone, ...standard];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}
