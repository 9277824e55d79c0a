import type { FormatName } from '../core/splice/format.ts';

/** What the metadata looks like in each format: the first whose signs are all there tells. */
const SIGNS: readonly (readonly [FormatName, ...RegExp[]])[] = [
  ['binary', /^\s*\{\s*"data"\s*:\s*"[^"]*"\s*,\s*"sops"\s*:\s*\{/],
  ['json', /^\s*\{/, /"sops"\s*:\s*\{/, /"mac"\s*:\s*"ENC\[/],
  ['dotenv', /^sops_mac=ENC\[/m],
  ['toml', /^\[sops\]/m, /^mac\s*=\s*"ENC\[/m],
  ['ini', /^\[sops\]/m, /^mac\s*=\s*ENC\[/m],
  ['yaml', /^ *sops:\s*$/m, /^\s+mac: ["']?ENC\[/m],
];

/** The format of an encrypted text whose name does not say it; `undefined` where the text is not encrypted. */
export function detectFormat(text: string): FormatName | undefined {
  if (!text.includes('ENC[AES256_GCM,')) return undefined;
  return SIGNS.find(([, ...signs]) => signs.every((sign) => sign.test(text)))?.[0];
}
