import { type Sums, sumsText } from './sums.ts';

/** The template for GitLab, with the version, the address and the sums of a release filled in. @throws Error */
export function filledTemplate(template: string, version: string, address: string, archives: Sums): string {
  const sums = sumsText(archives).replace(/^/gm, '      ').trimEnd();
  const filled: readonly (readonly [place: RegExp, text: string])[] = [
    [/^( *SOTTO_VERSION: ).*$/m, JSON.stringify(version)],
    [/^( *SOTTO_DOWNLOAD: ).*$/m, address],
    [/^( *SOTTO_SHA256: ).*$/m, `|\n${sums}`],
  ];
  return filled.reduce((text, [place, value]) => {
    if (!place.test(text)) throw new Error(`the template has no place ${place.source}`);
    return text.replace(place, (_, name: string) => `${name}${value}`);
  }, template);
}
