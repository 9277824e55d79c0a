import type { Warning } from '../core/splice/warning.ts';
import type { MapNode } from '../core/tree/tree.ts';
import type { Keyring } from '../keys/keyring.ts';
import { openRoots } from './content.ts';
import type { Delimiters } from './delimiters.ts';
import { openFile, type Source } from './open.ts';
import { skippedDocuments } from './variables.ts';

/** What a file has for templates: its first document, decrypted. */
export interface TemplateFile {
  readonly root: MapNode | undefined;
  readonly warnings: readonly Warning[];
}

/** Fills a template with the values of files, of which later ones win. */
export type Renderer = (files: readonly TemplateFile[]) => string;

/**
 * Read a template.
 *
 * @returns fills it; throws SottoError `path-missing` for an unknown reference, `output-unsupported` for what is no value,
 *   `input-invalid`, with line and column
 * @throws SottoError `input-invalid` with line and column
 */
export async function readTemplate(text: string, delimiters?: Delimiters): Promise<Renderer> {
  const { parseTemplate, valuesFor } = await import('./template.ts');
  const fill = parseTemplate(text, delimiters);
  return (files) => fill(valuesFor(files.flatMap(({ root }) => (root === undefined ? [] : [root]))));
}

/** Decrypt a file for templates. @throws SottoError `no-key-fits`, `value-undecryptable`, `mac-mismatch` */
export async function openForTemplate(source: Source, keyring: Keyring): Promise<TemplateFile> {
  const { content, warnings } = await openRoots(await openFile(source, keyring));
  const { roots } = content;
  return { root: roots[0], warnings: [...warnings, ...skippedDocuments(roots.length)] };
}
