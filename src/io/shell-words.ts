/**
 * Split a command line into words as a shell would, without running one: quotes and backslashes, nothing else (as
 * the library shlex that sops uses).
 *
 * @throws Error when a quote is not closed
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '#' && word === undefined) {
      while (at < text.length && text.charAt(at) !== '\n') at += 1;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) throw new Error('a quote is not closed');
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const { part, end } = doubleQuoted(text, at + 1);
      word = (word ?? '') + part;
      at = end;
    } else if (char === '\\') {
      at += 1;
      if (at >= text.length) throw new Error('a backslash stands at the end');
      word = (word ?? '') + text.charAt(at);
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/**
 * Split a command line with paths of Windows in it: a backslash is one, and quotes, of either kind, only keep blanks
 * together.
 *
 * @throws Error when a quote is not closed
 */
export function splitWindowsWords(text: string): string[] {
  const words: readonly string[] = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["']/g) ?? [];
  if (words.includes('"') || words.includes("'")) throw new Error('a quote is not closed');
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function doubleQuoted(text: string, from: number): { part: string; end: number } {
  let part = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { part, end: at };
    if (char === '\\') {
      at += 1;
      part += text.charAt(at);
    } else {
      part += char;
    }
  }
  throw new Error('a quote is not closed');
}
