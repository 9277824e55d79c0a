import { createHash } from 'node:crypto';

/** SHA-256 sums by the names of files. */
export type Sums = ReadonlyMap<string, string>;

/** In hexadecimal digits. */
export function sumOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** As `sha256sum` prints and checks them, by name. */
export function sumsText(sums: Sums): string {
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, sum]) => `${sum}  ${name}\n`)
    .join('');
}

/** The sum of a file that has to be there. @throws Error */
export function sumFor(sums: Sums, name: string): string {
  const sum = sums.get(name);
  if (sum === undefined) throw new Error(`there is no sum of ${name}`);
  return sum;
}
