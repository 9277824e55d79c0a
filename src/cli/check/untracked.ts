/** That there are files which git does not have, and which nobody looked at; nothing where there are none. */
export function untrackedText(count = 0): string {
  if (count === 0) return '';
  return `; not looked at: ${count} ${count === 1 ? 'file' : 'files'} that git does not have`;
}
