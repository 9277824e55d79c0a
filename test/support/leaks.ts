import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Shorter ones are in many texts. */
const SHORTEST = 4;

/** How a value, or one of its lines, can stand in what must not hold it. */
function formsOf(value: string): Buffer[] {
  const lines = value.includes('\n') ? value.split('\n') : [];
  return [value, ...lines]
    .flatMap(spellingsOf)
    .filter((text) => text.length >= SHORTEST)
    .map((text) => Buffer.from(text));
}

/** As it is, as JSON, addresses and forms have it, in hexadecimal digits, and in base64, wherever in it that begins. */
function spellingsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
    // The first and the last characters hold bits of what is beside it.
    const whole = bytes.toString('base64').replace(/=+$/, '');
    return whole.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    Buffer.from(value).toString('hex'),
    ...inBase64,
  ];
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
