/** A stream that answers come from: the terminal's, or a pipe. */
interface AnswerStream {
  readonly isTTY?: boolean;
  setEncoding(encoding: 'utf8'): unknown;
  on(event: 'data', listener: (chunk: string) => void): unknown;
  on(event: 'end' | 'close' | 'error', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * Answers, line by line. What stands behind a line is kept for the next question, so that `yes | sotto …` works; while
 * nothing is asked, nothing is read: an editor gets the keys.
 */
export class Answers {
  readonly #open: () => AnswerStream;
  #source: AnswerStream | undefined;
  #rest = '';
  #isAtEnd = false;
  #arrived: () => void = () => undefined;

  /** @param open called with the first question */
  constructor(open: () => AnswerStream) {
    this.#open = open;
  }

  /** Whether a person types the answers, and sees a line break behind each. */
  get isTyped(): boolean {
    return this.#source?.isTTY === true;
  }

  /** The next line, without its break; `undefined` at the end of the input. */
  async next(): Promise<string | undefined> {
    while (!this.#rest.includes('\n') && !this.#isAtEnd) await this.#read();
    const end = this.#rest.indexOf('\n');
    if (end === -1) {
      const last = this.#rest;
      this.#rest = '';
      return last === '' ? undefined : last;
    }
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line.replace(/\r$/, '');
  }

  async #read(): Promise<void> {
    const source = this.#source ?? this.#listen();
    await new Promise<void>((accept) => {
      this.#arrived = accept;
      source.resume();
    });
    // Not at once: a stream that is paused while it hands out data reads ahead all the same.
    await new Promise(setImmediate);
    source.pause();
  }

  #listen(): AnswerStream {
    const source = this.#open();
    this.#source = source;
    source.setEncoding('utf8');
    source.on('data', (chunk) => {
      this.#rest += chunk;
      this.#arrived();
    });
    for (const event of ['end', 'close', 'error'] as const) {
      source.on(event, () => {
        this.#isAtEnd = true;
        this.#arrived();
      });
    }
    return source;
  }
}
