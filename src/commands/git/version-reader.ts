import type { Blobs } from '../../io/git/blobs.ts';
import type { Io } from '../../io/io.ts';
import { readVersion, type Version } from '../../operations/compare/version.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import type { KeyOpener } from '../../operations/open.ts';
import { type Configurations, ruleIfAny } from '../configurations.ts';
import { chooseFormats } from '../format-choice.ts';

/** Versions that are kept: in a log, the next commit has most of them. */
const KEPT = 64;

/** What reading versions takes. */
interface Tools {
  readonly configurations: Configurations;
  /** Left out, nothing is opened. */
  readonly keys?: KeyOpener | undefined;
  readonly blobs: Blobs;
}

/** Reads versions of files of a repository. */
export class VersionReader {
  readonly #io: Io;
  readonly #root: string;
  readonly #tools: Tools;
  readonly #read = new Map<string, Promise<Version>>();
  readonly #bytes = new Map<string, Uint8Array | undefined>();

  /** @param root the top of the work tree, absolute */
  constructor(io: Io, root: string, tools: Tools) {
    this.#io = io;
    this.#root = root;
    this.#tools = tools;
  }

  /** The bytes of an object, or of a file of the work tree if there is no id. @throws SottoError `git-failed`, `input-unreadable` */
  async bytes(path: string, id: string | undefined): Promise<Uint8Array | undefined> {
    if (id === undefined) return this.#io.read(`${this.#root}/${path}`);
    if (this.#bytes.has(id)) return this.#bytes.get(id);
    const bytes = await this.#tools.blobs.read(id);
    keep(this.#bytes, id, bytes);
    return bytes;
  }

  /**
   * A version of a file. @param path decides on its format @param id of its object, if it is one
   *
   * @throws SottoError as {@link readVersion}, and `input-invalid` for what is no text
   */
  version(path: string, id: string | undefined, bytes: Uint8Array): Promise<Version> {
    if (id === undefined) return this.#readAnew(path, bytes);
    const key = `${id} ${path}`;
    const known = this.#read.get(key) ?? this.#readAnew(path, bytes);
    keep(this.#read, key, known);
    return known;
  }

  async #readAnew(path: string, bytes: Uint8Array): Promise<Version> {
    const { configurations, keys } = this.#tools;
    const target = `${this.#root}/${path}`;
    const text = decodeUtf8(bytes, path);
    const { input } = await chooseFormats(
      path,
      {},
      {
        sealed: text,
        rule: () => ruleIfAny(this.#io, configurations.for(target), target),
      },
    );
    return readVersion({ text, format: input, origin: target }, keys);
  }
}

/** Keep the last ones. */
function keep<Item>(items: Map<string, Item>, key: string, item: Item): void {
  items.delete(key);
  items.set(key, item);
  const [oldest] = items.keys();
  if (items.size > KEPT && oldest !== undefined) items.delete(oldest);
}
