import { type Sums, sumFor } from './sums.ts';
import { archiveName } from './systems.ts';

/** A manifest of Scoop, for Windows. @param address where the archives are */
export function scoopManifest(version: string, address: string, sums: Sums): string {
  const archive = archiveName(version, 'win32-x64');
  const homepage = address.replace(/\/releases\/.*/, '');
  const manifest = {
    version,
    description: 'Keeps secrets in git: encrypts the values of configuration files',
    homepage,
    license: 'MIT',
    architecture: { '64bit': { url: `${address}/${archive}`, hash: sumFor(sums, archive) } },
    bin: 'sotto.exe',
    checkver: { github: homepage },
    autoupdate: {
      architecture: {
        '64bit': {
          url: `${homepage}/releases/download/v$version/${archiveName('$version', 'win32-x64')}`,
        },
      },
      hash: { url: '$baseurl/SHA256SUMS' },
    },
  };
  return `${JSON.stringify(manifest, undefined, 4)}\n`;
}
