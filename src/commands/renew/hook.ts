import { isUtf8 } from 'node:buffer';
import { messageOf, SottoError } from '../../errors.ts';
import type { Io, WatchedResult } from '../../io/io.ts';
import { Masker } from '../../masking/masker.ts';
import { oneLine } from '../../text/printable.ts';
import { childEnvironment } from '../environment.ts';
import type { Allowed } from './allowed.ts';
import { prepare, readHookProgram } from './hook-program.ts';

/** What a hook can be asked for. */
export type Step = 'create' | 'set' | 'test' | 'revoke';

/** What it is told, on its stdin alone. */
export interface HookInput {
  /** The value that counts now; `null` where there is none. */
  readonly current: string | null;
  /** The value that is to count. */
  readonly next: string | null;
  /** The value that counted before, which is to be revoked. */
  readonly previous: string | null;
  /** Other values, by their names in the policy. */
  readonly needs: { readonly [name: string]: string };
}

/** What a hook is about; these are in its environment. */
export interface HookSubject {
  /** From the folder of the configuration. */
  readonly file: string;
  readonly path: string;
}

/** How a step went: it is done, or there is nothing to do, or the service said no. */
export type StepResult =
  | { readonly kind: 'done'; readonly tries: number; readonly stdout: string }
  | { readonly kind: 'not needed' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Exit statuses that mean something else than yes or no (`sysexits.h`: EX_TEMPFAIL, EX_USAGE). */
const TRY_AGAIN = 75;
const NOT_NEEDED = 64;
/** What shells give for a program that is not there, or can't be run: that is no answer of a service. */
const NOT_FOUND: ReadonlySet<number> = new Set([126, 127]);
/** Milliseconds between two tries: the first ones, and the longest. */
const PAUSE = 250;
const LONGEST_PAUSE = 5000;

/** Bytes of a value that a hook may print. */
const LONGEST_VALUE = 64 * 1024;
/** Bytes of what it says that are kept until its value is known. */
const LONGEST_SPEECH = 1024 * 1024;

/** Milliseconds for which a service may take its time, unless a policy says it. */
export const USUAL_SETTLE = 10_000;

/** Runs the hooks of a repository: those that were allowed, each as it was read just then. */
export class Hooks {
  readonly #io: Io;
  readonly #root: string;
  readonly #allowed: Allowed;
  /** In milliseconds, for each run of a hook. */
  readonly #limit: number;
  #isCanceled = false;

  constructor(root: string, allowed: Allowed, limit: number, io: Io) {
    this.#root = root;
    this.#allowed = allowed;
    this.#limit = limit;
    this.#io = io;
  }

  /** A signal came while a hook ran: nothing more is to be begun. */
  get isCanceled(): boolean {
    return this.#isCanceled;
  }

  /** @throws SottoError `hook-refused`, `renewal-invalid` */
  requireAllowed(words: readonly string[]): void {
    this.#allowed.require(readHookProgram(words, this.#root, this.#io));
  }

  /**
   * Ask a hook for a step, again and again while it says that it is too early, until its time is up.
   *
   * @throws SottoError `hook-refused`; `hook-failed` when it can't be started; `canceled`
   */
  async run(
    words: readonly string[],
    step: Step,
    subject: HookSubject,
    input: HookInput,
    settle: number,
  ): Promise<StepResult> {
    const program = readHookProgram(words, this.#root, this.#io);
    this.#allowed.require(program);
    const { path, args, end } = prepare(program, this.#io);
    try {
      let waited = 0;
      for (let tries = 1; ; tries += 1) {
        const result = await this.#once({ path, args, name: words[0] ?? '' }, step, subject, input);
        if (result !== 'again') return result.kind === 'done' ? { ...result, tries } : result;
        if (waited >= settle)
          return { kind: 'failed', reason: `it was still too early for ${step} after ${tries} tries` };
        const pause = Math.min(PAUSE * 2 ** (tries - 1), LONGEST_PAUSE, settle - waited);
        await this.#io.wait(pause);
        waited += pause;
      }
    } finally {
      end();
    }
  }

  async #once(
    { path, args, name }: { readonly path: string; readonly args: readonly string[]; readonly name: string },
    step: Step,
    { file, path: value }: HookSubject,
    input: HookInput,
  ): Promise<StepResult | 'again'> {
    const variables = new Map([
      ['SOTTO_STEP', step],
      ['SOTTO_FILE', file],
      ['SOTTO_VALUE', value],
    ]);
    const known = [input.current, input.next, input.previous, ...Object.values(input.needs)];
    const secrets = known.flatMap((text) => (text === null || text === '' ? [] : [text]));
    const speech = new Speech(secrets, step === 'create', this.#io);
    try {
      const result = await this.#io.runWatched({
        path,
        args,
        stdin: Buffer.from(`${JSON.stringify(input)}\n`),
        environment: childEnvironment(variables, { keepKey: false }, this.#io),
        folder: this.#root,
        limit: this.#limit,
        hear: (bytes) => speech.hear(bytes),
        mostOutput: step === 'create' ? LONGEST_VALUE : 0,
      });
      const { status, stdout, isFlooding, isCanceled } = result;
      const isText = !isFlooding && isUtf8(stdout);
      const text = isText ? withoutLineBreak(Buffer.from(stdout).toString()) : undefined;
      speech.end(text);
      this.#isCanceled ||= isCanceled;
      if (isCanceled)
        throw new SottoError('canceled', `canceled while ${oneLine(name)} was asked to ${step}`, {
          hint: '"sotto check" names what was begun; "sotto renew --resume" goes on with it',
        });
      if (status === 0 && text !== undefined) return { kind: 'done', tries: 1, stdout: text };
      if (status === TRY_AGAIN) return 'again';
      if (status === NOT_NEEDED) return { kind: 'not needed' };
      if (status !== undefined && NOT_FOUND.has(status)) throw new Error(`status ${status}`);
      return {
        kind: 'failed',
        reason: `${oneLine(name)}, asked to ${step}, ${endOf(result, this.#limit)}`,
      };
    } catch (error) {
      if (error instanceof SottoError) throw error;
      speech.end('');
      throw new SottoError('hook-failed', `${oneLine(name)} could not be run: ${messageOf(error)}`, {
        hint: 'a script begins with a line such as #!/bin/sh; the program that this names, and those that the script runs, have to be there; then "sotto renew --resume" goes on',
      });
    }
  }
}

/** What became of a hook that failed. */
function endOf({ status, isTimedOut, isFlooding }: WatchedResult, limit: number): string {
  if (isTimedOut) return `had not ended after ${limit / 1000} s, and was killed`;
  if (isFlooding) return 'printed more than a value can be, and was killed';
  if (status === 0) return 'printed what is no text in UTF-8';
  return status === undefined ? 'was ended by a signal' : `ended with status ${status}`;
}

/** What a hook says on stderr, with the values masked. One that it is just making is only known at its end. */
class Speech {
  readonly #io: Io;
  readonly #secrets: readonly string[];
  readonly #isHeld: boolean;
  readonly #held: Uint8Array[] = [];
  #heldLength = 0;
  readonly #masker: Masker;

  constructor(secrets: readonly string[], isHeld: boolean, io: Io) {
    this.#secrets = secrets;
    this.#isHeld = isHeld;
    this.#io = io;
    this.#masker = new Masker(secrets);
  }

  hear(bytes: Uint8Array): void {
    if (!this.#isHeld) {
      this.#io.passOn('stderr', this.#masker.push(bytes));
      return;
    }
    const kept = bytes.subarray(0, LONGEST_SPEECH - this.#heldLength);
    this.#heldLength += kept.length;
    if (kept.length > 0) this.#held.push(Uint8Array.from(kept));
  }

  /** @param made the value; `undefined` if it is none, and could not be found in what was said */
  end(made: string | undefined): void {
    if (made === undefined) this.#held.length = 0;
    const masker = this.#isHeld
      ? new Masker([...this.#secrets, ...(made === undefined || made === '' ? [] : [made])])
      : this.#masker;
    for (const bytes of this.#held.splice(0)) this.#io.passOn('stderr', masker.push(bytes));
    this.#io.passOn('stderr', masker.end());
  }
}

function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}
