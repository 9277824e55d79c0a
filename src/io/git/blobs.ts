import { SottoError } from '../../errors.ts';
import type { RunningProgram } from '../../keys/host.ts';
import { LARGEST_INPUT } from '../read-file.ts';

const LINE_FEED = 10;
/** As many questions are asked at once, and as many more while they are answered. */
const TOGETHER = 128;

/** One `git cat-file --batch` that is asked for objects. It is started with the first question. */
export class Blobs {
  readonly #start: () => RunningProgram;
  #program: RunningProgram | undefined;
  /** What was read and belongs to no answer yet. */
  #rest: Uint8Array = new Uint8Array();

  constructor(start: () => RunningProgram) {
    this.#start = start;
  }

  /**
   * The bytes of an object. One question at a time.
   *
   * @param id its hexadecimal digits
   * @returns `undefined` if it is not there, or is too long to be anything that is read here
   * @throws SottoError `git-failed` when git has ended
   */
  async read(id: string): Promise<Uint8Array | undefined> {
    this.#ask([id]);
    return this.#answer();
  }

  /** {@link read} of many, without waiting for one before asking for the next. */
  async *readAll(ids: Iterable<string>): AsyncGenerator<{ id: string; bytes: Uint8Array | undefined }> {
    let asked: readonly string[] = [];
    let next: string[] = [];
    for (const id of ids) {
      next.push(id);
      if (next.length < TOGETHER) continue;
      this.#ask(next);
      yield* this.#answers(asked);
      asked = next;
      next = [];
    }
    this.#ask(next);
    yield* this.#answers([...asked, ...next]);
  }

  /** End git. */
  end(): void {
    this.#program?.stop();
    this.#program = undefined;
  }

  async *#answers(ids: readonly string[]): AsyncGenerator<{ id: string; bytes: Uint8Array | undefined }> {
    for (const id of ids) yield { id, bytes: await this.#answer() };
  }

  #ask(ids: readonly string[]): void {
    if (!ids.every((id) => /^[0-9a-f]+$/.test(id))) throw new RangeError('this is no name of an object');
    if (ids.length === 0) return;
    this.#program ??= this.#start();
    this.#program.write(Buffer.from(`${ids.join('\n')}\n`));
  }

  /** `ID TYPE SIZE`, the bytes, and a line feed; or `ID missing` (git-cat-file(1)). */
  async #answer(): Promise<Uint8Array | undefined> {
    const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(await this.#line())?.[1];
    if (size === undefined) return undefined;
    const length = Number(size);
    const bytes = length > LARGEST_INPUT ? await this.#pass(length) : await this.#take(length);
    await this.#take(1);
    return bytes;
  }

  async #line(): Promise<string> {
    const pieces: Uint8Array[] = [];
    for (let end = this.#rest.indexOf(LINE_FEED); end < 0; end = this.#rest.indexOf(LINE_FEED)) {
      pieces.push(this.#rest);
      await this.#more();
    }
    const end = this.#rest.indexOf(LINE_FEED);
    pieces.push(this.#rest.subarray(0, end));
    this.#rest = this.#rest.subarray(end + 1);
    return Buffer.concat(pieces).toString('latin1');
  }

  async #take(length: number): Promise<Uint8Array> {
    const bytes = Buffer.alloc(length);
    for (let filled = 0; filled < length; ) {
      if (this.#rest.length === 0) await this.#more();
      const piece = this.#rest.subarray(0, length - filled);
      bytes.set(piece, filled);
      filled += piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
    return bytes;
  }

  async #pass(length: number): Promise<undefined> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) await this.#more();
      const count = Math.min(left, this.#rest.length);
      left -= count;
      this.#rest = this.#rest.subarray(count);
    }
    return undefined;
  }

  async #more(): Promise<void> {
    const piece = await this.#program?.read();
    if (piece === undefined)
      throw new SottoError('git-failed', 'git cat-file ended too early', {
        hint: '"git fsck" shows what is damaged',
      });
    this.#rest = piece;
  }
}
