import { posix } from 'node:path';
import type { RuntimeEntry, RuntimeList } from '../../config/runtime-list.ts';
import { findPath } from '../../core/tree/find-path.ts';
import { nodesAt } from '../../core/tree/lookup.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import { behindAliases } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { decryptSource } from '../../operations/decrypt.ts';
import type { Delimiters } from '../../operations/delimiters.ts';
import { openForTemplate, readTemplate, type TemplateFile } from '../../operations/render.ts';
import { type CommonOptions, type Tools, toolsOf } from '../settings.ts';
import { readBytes, readSource, type SealedSource, withFileInErrors } from '../source.ts';

/** What the files of a list are made of. */
export interface ContentOptions extends CommonOptions {
  /** Encrypted files behind those of the list. */
  readonly files: readonly string[];
  readonly delimiters?: Delimiters | undefined;
}

/** Makes what is in the files of a list; an encrypted file is opened once. */
export class RuntimeContents {
  readonly #list: RuntimeList;
  readonly #options: ContentOptions;
  readonly #io: Io;
  readonly #tools: Tools;
  /** The folder of the list, as the user named it. */
  readonly #folder: string;
  readonly #opened = new Map<string, Promise<TemplateFile>>();

  /** @param path of the list */
  constructor(list: RuntimeList, path: string, options: ContentOptions, io: Io) {
    this.#list = list;
    this.#options = options;
    this.#io = io;
    this.#tools = toolsOf(io, options);
    this.#folder = posix.dirname(path);
  }

  /** The bytes of one file. @throws SottoError, and nothing is to be written then */
  async of(entry: RuntimeEntry): Promise<Uint8Array> {
    const { kind, name } = entry.source;
    if (kind === 'file') return this.#whole(this.#path(name));
    const from = entry.from ?? this.#list.from;
    const paths = [...from.map((file) => this.#path(file)), ...this.#options.files];
    if (paths.length === 0)
      throw new SottoError('input-invalid', `there is no file to take ${entry.target} from`, {
        ...entry.place,
        hint: 'name encrypted files under from:, or with -f',
      });
    const files: TemplateFile[] = [];
    for (const path of paths) files.push(await this.#open(path));
    return kind === 'value' ? valueIn(files, entry) : this.#filled(this.#path(name), files);
  }

  #path(name: string): string {
    return posix.isAbsolute(name) ? name : posix.join(this.#folder, name);
  }

  async #filled(template: string, files: readonly TemplateFile[]): Promise<Uint8Array> {
    return withFileInErrors(template, async () => {
      const text = decodeUtf8(await readBytes(this.#io, template, 'change'), template);
      const fill = await readTemplate(text, this.#options.delimiters);
      return Buffer.from(fill(files));
    });
  }

  #open(file: string): Promise<TemplateFile> {
    const opened = this.#opened.get(file) ?? this.#openAnew(file);
    this.#opened.set(file, opened);
    return opened;
  }

  #openAnew(file: string): Promise<TemplateFile> {
    return withFileInErrors(file, async () => {
      const source = await this.#source(file);
      const opened = await openForTemplate(source, this.#tools.keyring);
      for (const warning of [...source.warnings, ...opened.warnings])
        this.#options.warn({ file, ...warning });
      return opened;
    });
  }

  #whole(file: string): Promise<Uint8Array> {
    return withFileInErrors(file, async () => {
      const source = await this.#source(file);
      const { content, warnings } = await decryptSource(source, { keyring: this.#tools.keyring });
      for (const warning of [...source.warnings, ...warnings]) this.#options.warn({ file, ...warning });
      return Buffer.from(content);
    });
  }

  #source(file: string): Promise<SealedSource> {
    const target = { ...this.#options, file, name: file };
    return readSource(this.#io, target, this.#tools.configurations, 'change');
  }
}

/** The value at a path, of the last file that has it; nothing is added to it. */
function valueIn(files: readonly TemplateFile[], { source, place }: RuntimeEntry): Uint8Array {
  const written = source.name;
  for (const { root } of files.toReversed()) {
    const path = root === undefined ? undefined : findPath(root, { written });
    const [node] = root === undefined || path === undefined ? [] : nodesAt(root, path);
    if (node === undefined) continue;
    const value = behindAliases(node);
    if (value.kind === 'value') return value.value.bytes ?? Buffer.from(plainText(value.value));
    throw new SottoError('output-unsupported', `${written} is no single value`, {
      ...place,
      hint: 'a template prints all of it: {{ path | json }}; or name the encrypted file: file: NAME',
    });
  }
  throw new SottoError('path-missing', `there is no ${written} in the files`, {
    ...place,
    hint: '"sotto decrypt" shows what a file has',
  });
}
