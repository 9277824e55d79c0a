/** What a text that is no JSON looks like, and what to do about it. */
export function hintFor(text: string, at: number): string | undefined {
  if (text.startsWith('//', at) || text.startsWith('/*', at)) {
    return 'comments are no JSON (the file is JSONC perhaps); take them out, or write the file as YAML';
  }
  const before = text.slice(0, at).trimEnd();
  if (before.endsWith(',') && /[}\]]/.test(text.charAt(at)))
    return 'there is a comma behind the last item; take it out';
  if (text.charAt(at) === '\ufeff')
    return 'a byte order mark is not allowed in JSON; save the file as UTF-8 without it';
  if (text.charAt(at) === "'") return 'JSON has double quotes only';
  return undefined;
}

/** What text behind the object looks like. */
export function closeHint(text: string, at: number): string | undefined {
  if (text.charAt(at) === '{')
    return 'a file with an object on each line (JSON Lines) is not supported; put them into one object';
  return hintFor(text, at) ?? 'sops would drop it silently; take it out';
}
