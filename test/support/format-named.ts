import type { Format } from '../../src/core/splice/format.ts';
import { binary } from '../../src/formats/binary.ts';
import { dotenv } from '../../src/formats/dotenv/index.ts';
import { type FormatName, isFormatName } from '../../src/formats/index.ts';
import { ini } from '../../src/formats/ini/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { jsonc } from '../../src/formats/json/jsonc.ts';
import { yaml } from '../../src/formats/yaml/index.ts';

const FORMATS: ReadonlyMap<string, Format> = new Map(
  [yaml, json, jsonc, dotenv, ini, binary].map((format) => [format.name, format]),
);

/** A format by its name, at once: tests are collected before anything is waited for. */
export function formatNamed(name: string): Format | undefined {
  return FORMATS.get(name);
}

/** A word as the name of a format. @throws Error for one that is none */
export function nameOf(word: string): FormatName {
  if (!isFormatName(word)) throw new Error(`there is no format ${word}`);
  return word;
}
