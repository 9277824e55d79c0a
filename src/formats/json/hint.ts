const JSONC = "--input-type jsonc reads such a file, but sops can't read the result";

/** What a text that is no JSON looks like, and what to do about it. */
export function hintFor(text: string, at: number): string | undefined {
  if (text.startsWith('//', at) || text.startsWith('/*', at)) {
    return `comments are no JSON; ${JSONC}; or take them out, or write the file as YAML`;
  }
  if (isBehindComma(text, at) && /[}\]]/.test(text.charAt(at)))
    return `there is a comma behind the last item; take it out; ${JSONC}`;
  if (text.charAt(at) === '\ufeff')
    return 'a byte order mark is not allowed in JSON; save the file as UTF-8 without it';
  return quoteHint(text, at);
}

/** The same for a text that may have comments. */
export function relaxedHint(text: string, at: number): string | undefined {
  if (text.startsWith('/*', at)) return 'the comment does not end; close it with */';
  if (text.startsWith('//', at))
    return 'there is a line separator (U+2028 or U+2029) in the comment, which ends it for some readers and not for others; take it out';
  return quoteHint(text, at);
}

/** What text behind the object looks like. */
export function closeHint(text: string, at: number): string {
  return linesHint(text, at) ?? hintFor(text, at) ?? 'sops would drop it silently; take it out';
}

/** The same for a text that may have comments. */
export function relaxedCloseHint(text: string, at: number): string {
  return linesHint(text, at) ?? relaxedHint(text, at) ?? 'a file holds one object; take out the rest';
}

function linesHint(text: string, at: number): string | undefined {
  return text.charAt(at) === '{'
    ? 'a file with an object on each line (JSON Lines) is not supported; put them into one object'
    : undefined;
}

function quoteHint(text: string, at: number): string | undefined {
  return text.charAt(at) === "'" ? 'JSON has double quotes only' : undefined;
}

function isBehindComma(text: string, at: number): boolean {
  return text.slice(0, at).trimEnd().endsWith(',');
}

/** What is allowed besides JSON, and what to say about the rest. */
export interface Dialect {
  readonly name: string;
  /** Comments between tokens, and a comma behind the last item. */
  readonly isRelaxed: boolean;
  readonly hint: (text: string, at: number) => string | undefined;
  readonly closeHint: (text: string, at: number) => string;
}

export const STRICT: Dialect = { name: 'JSON', isRelaxed: false, hint: hintFor, closeHint };
export const RELAXED: Dialect = {
  name: 'JSONC',
  isRelaxed: true,
  hint: relaxedHint,
  closeHint: relaxedCloseHint,
};
