import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a value can stand in what must not hold it: as it is, and in base64, wherever in it that begins. */
function formsOf(value: string): Buffer[] {
  const inBase64 = [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
    // The first and the last characters hold bits of what is beside it.
    const whole = bytes.toString('base64').replace(/=+$/, '');
    return whole.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return [value, ...inBase64, Buffer.from(value).toString('hex')].map((text) => Buffer.from(text));
}

/** The values that a text, or bytes, hold in some form. */
export function leaksIn(content: string | Uint8Array, values: readonly string[]): string[] {
  const bytes = Buffer.from(content);
  return values.filter((value) => formsOf(value).some((form) => bytes.includes(form)));
}

/** Longer files are the program itself. */
const LONGEST = 50_000_000;

/** The files below a folder that hold one of some values in some form. */
export function leakingFiles(folder: string, values: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path);
    return stats.isFile() && stats.size < LONGEST && leaksIn(readFileSync(path), values).length > 0;
  });
}
