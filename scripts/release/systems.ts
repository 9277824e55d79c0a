/** A system that there is a program for, by the name that `scripts/build-binary.mjs` gives it. */
export interface System {
  readonly name: string;
  /** What the program is called there. */
  readonly program: string;
}

export const SYSTEMS: readonly System[] = [
  'linux-x64',
  'linux-arm64',
  'linux-x64-musl',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
].map((name) => ({ name, program: name.startsWith('win32') ? 'sotto.exe' : 'sotto' }));

/** The archive of a system. */
export function archiveName(version: string, system: string): string {
  return `sotto-${version}-${system}.tar.gz`;
}
