/** What sops says of a text that has nothing in it (sops `stores/json`). */
export const NOTHING_IN_GO = 'Could not unmarshal input data: EOF';

/**
 * What sops says of a text that does not begin with an object: what Go's JSON reader does, unless a value may begin so.
 *
 * @param message what sops says of other values
 */
export function firstInGo(first: string, message: string): string {
  const kind = KINDS.find(([pattern]) => pattern.test(first))?.[1];
  if (first === '[') return `${FAILED}${message}`;
  if (kind === undefined) return `${FAILED}${invalidCharacter(first)} looking for beginning of value`;
  // sops shows the value, too, which may be a secret.
  return `${FAILED}SOPS only supports JSON files with a top-level object (starting with '{'), not other JSON types. Got a value of type ${kind} instead`;
}

const FAILED = 'Could not unmarshal input data: ';

/** Types of Go by how a value begins. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^"/, 'string'],
  [/^[-\d]/, 'int'],
  [/^[tf]/, 'bool'],
  [/^n/, '<nil>'],
];

/** Where a reader of JSON is. */
export type Expected = 'the first key' | 'a key' | 'a colon' | 'a comma or }' | 'a comma or ]' | 'a value';

/** Where Go says that it is then. */
const CONTEXTS: { readonly [expected in Expected]: string } = {
  'the first key': '',
  'a key': ' looking for beginning of object key string',
  'a colon': ' after object key',
  'a comma or }': ' after object key:value pair',
  'a comma or ]': ' after array element',
  'a value': ' looking for beginning of value',
};

/**
 * What sops says of a character that can't stand where it does.
 *
 * @param found the character; empty at the end of the text, where sops waits for a key, or takes what there is
 */
export function unexpectedInGo(found: string, expected: Expected): string | undefined {
  if (found !== '') {
    // Of words and numbers Go tells the character in them.
    const isBegun = expected === 'a value' && /^[-\dtfn]/.test(found);
    return isBegun ? undefined : `${FAILED}${invalidCharacter(found)}${CONTEXTS[expected]}`;
  }
  const isKey = expected === 'the first key' || expected === 'a key' || expected === 'a comma or }';
  return isKey ? `${FAILED}Expected JSON object key, got %!s(<nil>) of type <nil> instead` : undefined;
}

/** What sops says of a character inside of a string, or behind a backslash in one. */
export function inStringInGo(found: string, where: 'literal' | 'escape code'): string {
  return found === '' ? UNENDED_IN_GO : `${FAILED}${invalidCharacter(found)} in string ${where}`;
}

/** What sops says of a string without an end. */
export const UNENDED_IN_GO: string = `${FAILED}unexpected EOF`;

/** Go names a byte as the character with its number. */
function invalidCharacter(found: string): string {
  if (found === "'") return String.raw`invalid character '\''`;
  if (found < ' ') return `invalid character '${JSON.stringify(found).slice(1, -1).replace('\\u00', '\\x')}'`;
  const [byte = 0] = Buffer.from(found);
  return `invalid character '${byte < 0x80 ? found : String.fromCharCode(byte)}'`;
}
