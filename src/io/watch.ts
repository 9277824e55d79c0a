import { unwatchFile, watchFile } from 'node:fs';

/** Milliseconds between two looks at a file. */
const INTERVAL = 250;

/**
 * Tell when one of some files has changed. There is a look at each now and then, which sees through links and replaced
 * files on every system.
 *
 * @param paths absolute
 * @returns ends it
 */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  for (const path of paths) watchFile(path, { interval: INTERVAL, persistent: false }, changed);
  return () => {
    for (const path of paths) unwatchFile(path, changed);
  };
}
