/** What sops says of a text that has nothing in it (sops `stores/json`). */
export const NOTHING_IN_GO = 'Could not unmarshal input data: EOF';

/**
 * What sops says of a text that does not begin with an object: what Go's JSON reader does, unless a value may begin so.
 *
 * @param message what sops says of other values
 */
export function firstInGo(first: string, message: string): string {
  const isValue = /^[["\-\dtfn]/.test(first);
  const shown = first === "'" ? String.raw`'\''` : `'${first}'`;
  const problem = isValue ? message : `invalid character ${shown} looking for beginning of value`;
  return `Could not unmarshal input data: ${problem}`;
}
