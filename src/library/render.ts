import { parseDelimiters } from '../operations/delimiters.ts';
import { openForTemplate, readTemplate } from '../operations/render.ts';
import { type KeyOptions, keyringOf } from './keys.ts';
import { type Result, sourceOf, type TextOptions } from './text.ts';
import { speaking, warningsOf } from './words.ts';

/**
 * An encrypted text with values for a template.
 *
 * @example
 * const file: SealedText = { text: encrypted, format: 'yaml' };
 * (await render('{{ password }}', { files: [file], identities: identity })).text; // 'hunter2'
 */
export interface SealedText extends TextOptions {
  readonly text: string;
}

/**
 * Settings of {@link render}.
 *
 * @example
 * const files = [{ text: encrypted, format: 'yaml' }] as const;
 * const options: RenderOptions = { files, identities: identity, delimiters: '<< >>' };
 * (await render('{{ ours }} << password >>', options)).text; // '{{ ours }} hunter2'
 */
export interface RenderOptions extends KeyOptions {
  /** Mappings are put together; of the same path the last one counts. */
  readonly files: readonly SealedText[];
  /** What stands around references, and around tags: `<< >> <% %>`; `{{ }} {% %}` if left out. */
  readonly delimiters?: string | undefined;
}

/**
 * Fill a template, in the language Liquid, with the values of encrypted texts; what stands outside of its tags stays as
 * it is.
 *
 * @throws SottoError as `decrypt`, and `path-missing` for an unknown reference, `output-unsupported` for a mapping or
 *   list without a filter, `input-invalid`; with line and column in the template
 *
 * @example
 * const files: SealedText[] = [{ text: encrypted, format: 'yaml' }];
 * (await render('PASSWORD={{ password }}\n', { files, identities: identity })).text; // 'PASSWORD=hunter2\n'
 */
export async function render(template: string, options: RenderOptions): Promise<Result> {
  return speaking('text', async () => {
    const { files, delimiters } = options;
    const renderer = await readTemplate(
      template,
      delimiters === undefined ? undefined : parseDelimiters(delimiters),
    );
    const keyring = keyringOf(options);
    const opened = await Promise.all(
      files.map(async (file) => openForTemplate(await sourceOf(file.text, file), keyring)),
    );
    const warnings = opened.flatMap((file) => file.warnings);
    return { text: renderer(opened), changed: true, warnings: warningsOf(warnings, 'text') };
  });
}
