import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { type HookProgram, stateFolder } from './hook-program.ts';

/** Programs that somebody at this machine has looked at, each for one repository: one note a program. */
export class Allowed {
  readonly #root: string;
  readonly #given: ReadonlySet<string>;
  readonly #io: Io;

  /**
   * @param root of the repository: another one with the same script is another matter
   * @param given hashes that are allowed for this run
   */
  constructor(root: string, given: readonly string[], io: Io) {
    this.#root = io.realPath(root);
    this.#given = new Set(given);
    this.#io = io;
  }

  has({ hash }: HookProgram): boolean {
    if (this.#given.has(hash)) return true;
    const note = this.#noteOf(hash);
    // A note that somebody else has written says nothing.
    return note !== undefined && this.#io.isFile(note) && this.#isOwn(note);
  }

  /** @throws SottoError `hook-refused` */
  require(program: HookProgram): void {
    if (this.has(program)) return;
    const [name = ''] = program.words;
    throw new SottoError('hook-refused', `${name} was not allowed to run here, or has changed since`, {
      hint: `look at it with "sotto allow", which asks; a pipeline says --allow-hook ${program.hash}`,
    });
  }

  /** @throws SottoError `output-unwritable` */
  add({ hash, words }: HookProgram): void {
    const note = this.#noteOf(hash);
    if (note === undefined)
      throw new SottoError('output-unwritable', 'there is no home folder to note it in', {
        hint: 'set XDG_STATE_HOME, or say --allow-hook with each run of sotto renew',
      });
    if (this.#io.exists(note)) return;
    this.#io.create(note, Buffer.from(`${JSON.stringify({ hash, root: this.#root, words })}\n`), 0o600);
  }

  #isOwn(path: string): boolean {
    const { user } = this.#io;
    return user === undefined || this.#io.ownerOf(path) === user;
  }

  #noteOf(hash: string): string | undefined {
    const folder = stateFolder(this.#io);
    const name = createHash('sha256').update(`${this.#root}\0${hash}`).digest('hex');
    return folder === undefined ? undefined : join(folder, 'hooks', `${name}.json`);
  }
}
