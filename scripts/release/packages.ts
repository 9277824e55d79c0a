/** A kind of package of Linux, and what nfpm is told of it. */
export interface PackageKind {
  readonly kind: 'deb' | 'rpm' | 'apk';
  /** Of its libc. */
  readonly systems: readonly string[];
}

export const PACKAGE_KINDS: readonly PackageKind[] = [
  { kind: 'deb', systems: ['linux-x64', 'linux-arm64'] },
  { kind: 'rpm', systems: ['linux-x64', 'linux-arm64'] },
  { kind: 'apk', systems: ['linux-x64-musl', 'linux-arm64-musl'] },
];

/** The configuration of nfpm for one package. @param folder what the archive of the system holds */
export function packageConfiguration(
  version: string,
  system: string,
  folder: string,
  seconds: number,
): object {
  const file = (from: string, to: string, mode = 0o644) => ({
    src: `${folder}/${from}`,
    dst: to,
    file_info: { mode, mtime: timeOf(seconds) },
  });
  return {
    name: 'sotto',
    arch: system.includes('arm64') ? 'arm64' : 'amd64',
    platform: 'linux',
    version,
    section: 'utils',
    maintainer: 'the authors of sotto',
    description: 'Keeps secrets in git: encrypts the values of configuration files.',
    license: 'MIT',
    mtime: timeOf(seconds),
    contents: [
      file('sotto', '/usr/bin/sotto', 0o755),
      file('man/*.1', '/usr/share/man/man1/'),
      file('completions/sotto.bash', '/usr/share/bash-completion/completions/sotto'),
      file('completions/_sotto', '/usr/share/zsh/site-functions/_sotto'),
      file('completions/sotto.fish', '/usr/share/fish/vendor_completions.d/sotto.fish'),
      file('LICENSE', '/usr/share/doc/sotto/copyright'),
      file('LICENSES.txt', '/usr/share/doc/sotto/LICENSES.txt'),
    ],
    rpm: { buildhost: 'localhost' },
    overrides: {
      deb: { depends: ['libc6 (>= 2.17)'], recommends: ['git'] },
      rpm: { depends: ['glibc >= 2.17'] },
      // With musl 1.2.3, bun ends before it begins.
      apk: { depends: ['musl>=1.2.5', 'libstdc++', 'libgcc'] },
    },
  };
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
