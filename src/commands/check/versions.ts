import type { Blobs } from '../../io/git/blobs.ts';
import { compareSealed, halvesOf } from '../../operations/check/compare-sealed.ts';
import type { Finding } from '../../operations/check/finding.ts';
import type { SealedFile } from '../../operations/check/sealed-file.ts';
import type { Examination } from './examination.ts';
import type { Rulebook } from './rulebook.ts';
import type { Replacement } from './tree.ts';

/** Versions of files that git holds, read by one process. */
export class Versions {
  readonly #blobs: Blobs;
  readonly #examination: Examination;
  readonly #rulebook: Rulebook;
  /** The last ones: a version is the next one's predecessor. */
  readonly #read = new Map<string, Uint8Array | undefined>();

  constructor(blobs: Blobs, examination: Examination, rulebook: Rulebook) {
    this.#blobs = blobs;
    this.#examination = examination;
    this.#rulebook = rulebook;
  }

  async bytes(blob: string): Promise<Uint8Array | undefined> {
    if (this.#read.has(blob)) return this.#read.get(blob);
    const bytes = await this.#blobs.read(blob);
    if (this.#read.size >= KEPT) this.#read.clear();
    this.#read.set(blob, bytes);
    return bytes;
  }

  /** A version of a file, if it is encrypted and can be read. */
  async sealed(path: string, blob: string): Promise<SealedFile | undefined> {
    const bytes = await this.bytes(blob);
    return bytes === undefined ? undefined : this.#examination.sealed(path, bytes);
  }

  /**
   * What is to be said of a file that replaces earlier versions.
   *
   * @param conflict the object in which git left a conflict of it, whose halves are no versions of anybody
   */
  async compare({ file, before }: Replacement, conflict?: string): Promise<Finding[]> {
    const { path, blob } = file;
    const earlier: SealedFile[] = [];
    for (const id of before) {
      const sealed = await this.sealed(path, id);
      if (sealed !== undefined) earlier.push(sealed);
    }
    if (earlier.length === 0) return [];
    const bytes = file.bytes ?? (blob === undefined ? undefined : await this.bytes(blob));
    const after = bytes === undefined ? undefined : await this.#examination.sealed(path, bytes);
    if (bytes === undefined) return [];
    if (after === undefined) {
      if (!this.#examination.isClear(bytes) || (await this.#examination.isMeant(path))) return [];
      return [
        {
          rule: 'plaintext-file',
          file: path,
          message: 'the file was encrypted before, and stands in clear',
          fix: { command: ['sotto', 'encrypt', '-i', path], automatic: false },
        },
      ];
    }
    const names = this.#rulebook.namesFor(path);
    const halves = conflict === undefined ? [] : await this.#halves(path, conflict);
    return compareSealed(earlier, after, { file: path, names }, halves).map((found) => ({
      ...found,
      file: path,
    }));
  }

  async #halves(path: string, conflict: string): Promise<SealedFile[]> {
    const bytes = await this.bytes(conflict);
    const texts = bytes === undefined ? undefined : halvesOf(Buffer.from(bytes).toString());
    const read: SealedFile[] = [];
    for (const text of texts ?? []) {
      const sealed = await this.#examination.sealed(path, Buffer.from(text));
      if (sealed !== undefined) read.push(sealed);
    }
    return read;
  }
}

const KEPT = 200;
