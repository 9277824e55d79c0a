/** A path as people write it: `~` in the place of their home folder. */
export function underHome(path: string, home: string): string {
  if (home === '' || home === '/' || !path.startsWith(home)) return path;
  const rest = path.slice(home.length);
  return /^[/\\]/.test(rest) ? `~${rest}` : path;
}
