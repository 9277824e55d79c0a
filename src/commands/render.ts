import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';
import type { Delimiters } from '../operations/delimiters.ts';
import { openForTemplate, type Renderer, readTemplate, type TemplateFile } from '../operations/render.ts';
import { refuseFolder, type TextOutput } from './output.ts';
import { type CommonOptions, toolsOf } from './settings.ts';
import { readBytes, readSource, withFileInErrors } from './source.ts';

/** Options of `render`. */
export interface RenderOptions extends CommonOptions {
  /** `undefined` is stdin. */
  readonly template: string | undefined;
  /** Encrypted files; later ones win. */
  readonly files: readonly string[];
  /** A file, which only its owner can read then; a named pipe or a device. stdout if left out. */
  readonly output?: string | undefined;
  readonly delimiters?: Delimiters | undefined;
}

/** Fill a template with the values of encrypted files. */
export async function render(options: RenderOptions, io: Io): Promise<TextOutput> {
  const { template, output } = options;
  refuseSame(options, io);
  const renderer = await withFileInErrors(template, () => readRenderer(options, io));
  const files: TemplateFile[] = [];
  for (const file of options.files) files.push(await readValues(file, options, io));
  const text = await withFileInErrors(template, async () => renderer(files));
  if (output === undefined) return { stdout: text, changed: true, warnings: [] };
  refuseFolder(io, output, template?.replace(/\.tmpl$/, ''));
  await io.write(io.absolute(output), Buffer.from(text), { isPrivate: true });
  return { written: output, changed: true, warnings: [] };
}

async function readRenderer({ template, delimiters }: RenderOptions, io: Io): Promise<Renderer> {
  return readTemplate(textOf(await readBytes(io, template, 'change'), template), delimiters);
}

function textOf(bytes: Uint8Array, template: string | undefined): string {
  try {
    return decodeUtf8(bytes, template);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    throw error.with({
      hint: 'values are filled in as UTF-8, so the text has to be in it; iconv converts it',
    });
  }
}

function readValues(file: string, options: RenderOptions, io: Io): Promise<TemplateFile> {
  return withFileInErrors(file, async () => {
    const { keyring, configurations } = toolsOf(io, options);
    const source = await readSource(io, { ...options, file, name: file }, configurations, 'change');
    const opened = await openForTemplate(source, keyring);
    for (const warning of [...source.warnings, ...opened.warnings]) options.warn({ file, ...warning });
    return opened;
  });
}

/** The result would take the place of what it is made of. @throws SottoError `options-conflict` */
function refuseSame({ template, files, output }: RenderOptions, io: Io): void {
  if (output === undefined) return;
  const target = io.realPath(io.absolute(output));
  const sources = [...files, ...(template === undefined ? [] : [template])];
  const same = io.isFile(target)
    ? sources.find((file) => io.realPath(io.absolute(file)) === target)
    : undefined;
  if (same === undefined) return;
  throw new SottoError('options-conflict', `${same} would be overwritten`, {
    hint: 'give --output the name of another file',
  });
}
