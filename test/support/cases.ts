import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FormatName } from '../../src/formats/index.ts';

/** The folder of the test vectors. */
export const VECTORS: string = fileURLToPath(new URL('../vectors', import.meta.url));

/** One value of an encrypted file, as the vectors spell it out. */
export interface CaseLeaf {
  readonly path: readonly (string | number)[];
  readonly doc?: number;
  readonly type: string;
  readonly text?: string;
  readonly hex?: string;
  readonly encrypted?: boolean;
}

/** A `case.json` of the vectors. */
export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly format: FormatName;
  readonly tool?: string;
  readonly args: readonly string[];
  readonly config?: string;
  readonly stdin?: string;
  readonly env?: { readonly [name: string]: string };
  readonly identities?: readonly string[];
  readonly recipients?: readonly string[];
  readonly exit?: number;
  readonly stderr?: string;
  readonly why?: string;
  readonly before?: string;
  readonly after?: string;
  readonly stdout?: string;
  readonly unchanged?: boolean;
  readonly dataKey?: string;
  readonly dataKeyBefore?: string;
  readonly dataKeyAfter?: string;
  readonly mac?: string;
  readonly macAAD?: string;
  readonly leaves?: readonly CaseLeaf[];
  readonly leavesAfter?: readonly CaseLeaf[];
}

/** All cases of a folder of the vectors. */
export function casesOf(folder: string): Case[] {
  const root = join(VECTORS, folder);
  return readdirSync(root)
    .sort()
    .map((name) => ({
      ...JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8')),
      name,
      folder: join(root, name),
    }));
}

/** A file of a case as text. */
export function fileOf(one: Case, name: string): string {
  return readFileSync(join(one.folder, name), 'utf8');
}

/** A file whose name, up to the suffix, is known; `undefined` if there is none. */
export function findFile(one: Case, stem: string): string | undefined {
  return readdirSync(one.folder).find((name) => name.startsWith(`${stem}.`));
}

/** The folder of public files for tests, if it is there. It is no part of the project. */
export function corpus(folder: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/corpus/${folder}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** Say that a test could not run for want of the corpus. */
export function skipped(folder: string): string {
  return `skipped: ../shared/corpus/${folder} is not there`;
}
