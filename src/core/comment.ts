/**
 * sops reads an empty comment in a list back as an item, the empty string. So a comment of nothing but blanks gets one
 * blank more there before it is encrypted; `openedComment` takes it away.
 *
 * @param text the comment behind its `#`
 */
export function sealedComment(text: string, inList: boolean): string {
  return inList && /^ *$/.test(text) ? `${text} ` : text;
}

/** The comment that was encrypted. */
export function openedComment(text: string, inList: boolean): string {
  return inList && /^ +$/.test(text) ? text.slice(1) : text;
}
