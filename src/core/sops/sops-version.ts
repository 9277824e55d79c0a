/** The version of sops whose format we write, and as which the program answers under the name `sops`. */
export const SOPS_VERSION = '3.13.2';

/** What sops says of a text that is no semantic version (blang/semver, Parse). */
export function versionProblemInGo(text: string): string {
  const [, major, minor, rest] = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(text) ?? [];
  if (major === undefined || minor === undefined || rest === undefined) return NO_ELEMENTS;
  const [patch = ''] = rest.split(/[-+]/);
  const numbers = [
    ['Major', major],
    ['Minor', minor],
    ['Patch', patch],
  ] as const;
  for (const [name, digits] of numbers) {
    if (!/^\d+$/.test(digits))
      return `Invalid character(s) found in ${name.toLowerCase()} number ${JSON.stringify(digits)}`;
    if (/^0\d/.test(digits))
      return `${name} number must not contain leading zeroes ${JSON.stringify(digits)}`;
  }
  return NO_ELEMENTS;
}

const NO_ELEMENTS = 'No Major.Minor.Patch elements found';
