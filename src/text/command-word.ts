/** What a shell takes as it stands. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A text as one word of a command line that somebody copies into a shell. */
export function commandWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path with `~` in place of the home folder, where a shell takes it so. */
export function fromHome(path: string, home: string): string {
  const isBelow = home !== '' && path.startsWith(`${home}/`) && PLAIN.test(path);
  return isBelow ? `~${path.slice(home.length)}` : path;
}

/**
 * What to do, with a file's name in place of `FILE` in commands of sotto and git; `sotto keygen` is about other files.
 *
 * @param file as the user named it; `undefined` leaves the word
 */
export function withFile(advice: string, file: string | undefined): string {
  if (file === undefined) return advice;
  return advice.replace(/\b(?:sotto (?!keygen)|git )[^";]*/g, (command) =>
    command.replace(/\bFILE\b/g, () => commandWord(file)),
  );
}
