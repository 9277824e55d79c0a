import { SOPS_VERSION } from '../core/sops/sops-version.ts';

/** The version of this package; a test holds it against package.json. */
export const VERSION = '0.1.0';

/** What `--version` prints. @param program the name under which the program was called */
export function versionText(program: string): string {
  return program === 'sops'
    ? `sops ${SOPS_VERSION}\n`
    : `sotto ${VERSION} (format of sops ${SOPS_VERSION})\n`;
}
