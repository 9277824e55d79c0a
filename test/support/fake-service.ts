import type { WatchedProgram, WatchedResult } from '../../src/io/io.ts';

/** What a service does when it is asked for a step; each is what real ones do on bad days. */
export type Mood =
  /** It does it and says so. */
  | 'does'
  /** It does it, and the answer is an error. */
  | 'does and fails'
  /** It does nothing, and says so. */
  | 'fails'
  /** It does it some time later, and says at once that it is done. */
  | 'does late'
  /** It does it some time later, and never answers. */
  | 'does late and hangs'
  /** It does nothing, and says that it is too early. */
  | 'not yet';

export const MOODS: readonly Mood[] = [
  'does',
  'does and fails',
  'fails',
  'does late',
  'does late and hangs',
  'not yet',
];

/** How many questions later it does what it does late. */
const LATE = 3;

/** A service with a password, which a hook speaks to: what it does depends on its moods, until these are over. */
export class FakeService {
  accepted: ReadonlySet<string>;
  readonly #moods: Mood[];
  readonly #overlaps: boolean;
  #late: { readonly at: number; readonly change: () => void }[] = [];
  #questions = 0;
  #made = 0;

  constructor(
    accepted: string,
    { moods, overlaps }: { readonly moods: readonly Mood[]; readonly overlaps: boolean },
  ) {
    this.accepted = new Set([accepted]);
    this.#moods = [...moods];
    this.#overlaps = overlaps;
  }

  /** In the place of running a hook. */
  run({ environment, stdin }: WatchedProgram): WatchedResult {
    this.#questions += 1;
    this.#pass(this.#questions);
    const told: { next: string; previous: string } = JSON.parse(Buffer.from(stdin).toString());
    const mood = this.#moods.shift() ?? 'does';
    const ended = (status: number | undefined, text = ''): WatchedResult => ({
      status,
      stdout: Buffer.from(text),
      isTimedOut: status === undefined,
      isFlooding: false,
      isCanceled: false,
    });
    if (environment['SOTTO_STEP'] === 'test') {
      if (mood === 'not yet') return ended(75);
      if (mood === 'does late and hangs') return ended(undefined);
      if (mood === 'fails') return ended(1);
      return ended(this.accepted.has(told.next) ? 0 : 1);
    }
    const made = `made-by-the-service-${this.#made}`;
    const change = this.#changeFor(environment['SOTTO_STEP'] ?? '', told, made);
    if (mood === 'fails') return ended(1);
    if (mood === 'not yet') return ended(75);
    if (mood === 'does late' || mood === 'does late and hangs')
      this.#late.push({ at: this.#questions + LATE, change });
    else change();
    if (mood === 'does and fails') return ended(1);
    return mood === 'does late and hangs' ? ended(undefined) : ended(0, `${made}\n`);
  }

  /** All that is done late is done. */
  settle(): void {
    this.#pass(Number.POSITIVE_INFINITY);
  }

  /** What it will accept when all that is done late is done. */
  get settled(): ReadonlySet<string> {
    const now = this.accepted;
    for (const { change } of this.#late) change();
    const after = this.accepted;
    this.accepted = now;
    return after;
  }

  #pass(until: number): void {
    for (const { change } of this.#late.filter(({ at }) => at <= until)) change();
    this.#late = this.#late.filter(({ at }) => at > until);
  }

  #changeFor(step: string, { next, previous }: { next: string; previous: string }, made: string): () => void {
    if (step === 'create') {
      this.#made += 1;
      return () => {
        this.accepted = new Set([...this.accepted, made]);
      };
    }
    if (step === 'revoke')
      return () => {
        this.accepted = new Set([...this.accepted].filter((one) => one !== previous));
      };
    return () => {
      this.accepted = this.#overlaps ? new Set([...this.accepted, next]) : new Set([next]);
    };
  }
}
