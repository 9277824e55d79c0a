import { type KeyOptions, keyringOf, type Result, sourceOf, type TextOptions } from './library.ts';
import { parseDelimiters } from './operations/delimiters.ts';
import { openForTemplate, readTemplate } from './operations/render.ts';

/** An encrypted text with values for a template. */
export interface SealedText extends TextOptions {
  readonly text: string;
}

/** Settings of {@link render}. */
export interface RenderOptions extends KeyOptions {
  /** Mappings are put together; of the same path the last one counts. */
  readonly files: readonly SealedText[];
  /** What stands around references, and around tags: `<< >> <% %>`; `{{ }} {% %}` if left out. */
  readonly delimiters?: string;
}

/**
 * Fill a template, in the language Liquid, with the values of encrypted texts; what stands outside of its tags stays as
 * it is.
 *
 * @throws SottoError as `decrypt`, and `path-missing` for an unknown reference, `output-unsupported` for a mapping or
 *   list without a filter, `input-invalid`; with line and column in the template
 */
export async function render(template: string, options: RenderOptions): Promise<Result> {
  const { files, delimiters } = options;
  const renderer = await readTemplate(
    template,
    delimiters === undefined ? undefined : parseDelimiters(delimiters),
  );
  const keyring = keyringOf(options);
  const opened = await Promise.all(
    files.map(async (file) => openForTemplate(await sourceOf(file.text, file), keyring)),
  );
  return { text: renderer(opened), changed: true, warnings: opened.flatMap(({ warnings }) => warnings) };
}
