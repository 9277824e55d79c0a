/** As many requests are under way at once. */
export const MOST_AT_ONCE = 8;

/**
 * Lets few work at once, and fewer where that was too much: the number is halved then, and grows by one when all of them
 * went well.
 */
export class Turns {
  #most = MOST_AT_ONCE;
  #running = 0;
  /** Those who have no turn; also while they are just being told that there may be one. */
  #queued = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * Do something when it is its turn.
   *
   * @param isTooMuch whether an error says that too much is asked at once; it is tried again then, unless it is alone
   */
  async take<Result>(work: () => Promise<Result>, isTooMuch: (error: unknown) => boolean): Promise<Result> {
    for (;;) {
      while (this.#running >= Math.floor(this.#most)) {
        this.#queued += 1;
        await new Promise<void>((accept) => this.#waiting.push(accept));
        this.#queued -= 1;
      }
      const most = Math.floor(this.#most);
      this.#running += 1;
      try {
        const result = await work();
        this.#most = Math.min(MOST_AT_ONCE, this.#most + 1 / most);
        return result;
      } catch (error) {
        // Others that are under way still may be what was too much.
        const isAlone = this.#running === 1 && (most === 1 || this.#queued === 0);
        if (!isTooMuch(error) || isAlone) throw error;
        // Those that were under way together say it once.
        this.#most = Math.min(this.#most, Math.max(1, most / 2));
      } finally {
        this.#running -= 1;
        for (const next of this.#waiting.splice(0)) next();
      }
    }
  }
}
