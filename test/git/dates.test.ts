import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { VECTORS } from '../support/cases.ts';
import { ALICE, as, type GitSession, startGitSession } from '../support/git-session.ts';
import fc from '../support/laws.ts';
import { spawnSync } from '../support/processes.ts';
import { REAL_SOPS, SOPS_MISSING } from '../support/real-sops.ts';
import { GIT_ENVIRONMENT } from '../support/repository.ts';

const RUNS = Math.ceil(Number(process.env['SOTTO_RUNS'] ?? 300) / 25);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SOTTO_SEED'] ?? 20261130) });

const FILE = 'a.yaml';
const CONFIG = `creation_rules:
  - age: ${ALICE}
sotto:
  lifecycle: true
  secrets:
    - { owner: ops, max_age: 1000y }
`;
const KEYS = ['a', 'b', 'c'];
/** Few, so that values come back, and stand in several places. */
const VALUES = ['one', 'two', 'three', 'four'];

type Plain = ReadonlyMap<string, string>;

type Step =
  | { readonly op: 'set'; readonly key: string; readonly value: string; readonly by: 'sotto' | 'sops' }
  | { readonly op: 'swap'; readonly by: 'sotto' | 'sops' }
  | { readonly op: 'rotate'; readonly by: 'sotto' | 'sops' }
  | { readonly op: 'onto'; readonly from: string; readonly to: string }
  | {
      readonly op: 'merge';
      readonly ours: readonly [string, string];
      readonly theirs: readonly [string, string];
    };

const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);
const by = fc.constantFrom('sotto' as const, 'sops' as const);
const pair = fc.tuple(key, value);

const steps = (withSops: boolean): fc.Arbitrary<Step[]> => {
  const who = withSops ? by : fc.constant('sotto' as const);
  const set: fc.Arbitrary<Step> = fc.record({ op: fc.constant('set' as const), key, value, by: who });
  const others: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ op: fc.constant('swap' as const), by: who }),
    fc.record({ op: fc.constant('rotate' as const), by: who }),
    fc.record({ op: fc.constant('onto' as const), from: key, to: fc.constantFrom('d', 'e') }),
    fc.record({ op: fc.constant('merge' as const), ours: pair, theirs: pair }),
  );
  return fc.array(fc.oneof(set, others), { minLength: 3, maxLength: 7 });
};

const START = Date.UTC(2026, 0, 1);
const timeAt = (step: number): string => `${new Date(START + step * 86_400_000).toISOString().slice(0, 19)}Z`;
const textOf = (plain: Plain): string => [...plain].map(([name, text]) => `${name}: ${text}\n`).join('');

/** A file that is changed step by step, and what it said. */
class History {
  readonly here: GitSession = startGitSession();
  readonly versions: Plain[] = [];
  plain: Plain = new Map([
    ['a', 'one'],
    ['b', 'two'],
  ]);

  async begin(): Promise<void> {
    this.here.put({ '.sops.yaml': CONFIG, [FILE]: textOf(this.plain) });
    await this.sotto('encrypt', '-i', FILE);
    this.commit();
  }

  commit(): void {
    const date = timeAt(this.versions.length);
    this.here.git('add', '-A');
    const { status, stderr } = spawnSync('git', ['commit', '-qm', 'x', '--allow-empty'], {
      cwd: this.here.folder,
      encoding: 'utf8',
      env: { ...GIT_ENVIRONMENT, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
    if (status !== 0) throw new Error(stderr);
    this.versions.push(this.plain);
  }

  async sotto(...args: readonly string[]): Promise<void> {
    const now = new Date(START + this.versions.length * 86_400_000);
    const { exit, stderr } = await this.here.sotto(args, { ...as('alice'), now });
    if (exit !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  }

  /** By real sops, where it is. */
  async sops(...args: readonly string[]): Promise<void> {
    if (REAL_SOPS === undefined) {
      const { exit, stderr } = await this.here.sotto(args, { ...as('alice'), program: 'sops' });
      if (exit !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
      return;
    }
    const { status, stderr } = spawnSync(REAL_SOPS, [...args], {
      cwd: this.here.folder,
      encoding: 'utf8',
      env: {
        SOPS_AGE_KEY_FILE: `${VECTORS}/keys/age-alice.txt`,
        HOME: '/nonexistent',
        PATH: process.env['PATH'] ?? '',
      },
    });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  }

  async play(step: Step): Promise<void> {
    const { here, plain } = this;
    const [[one = '', first = ''] = [], [other = '', second = ''] = []] = plain;
    switch (step.op) {
      case 'set': {
        const args = ['set', FILE, `["${step.key}"]`, JSON.stringify(step.value)];
        await (step.by === 'sotto' ? this.sotto(...args) : this.sops(...args));
        this.plain = new Map([...plain, [step.key, step.value]]);
        break;
      }
      case 'swap': {
        // Decrypted, edited, and encrypted again, in place: by sotto over what is committed.
        this.plain = new Map([...plain, [one, second], [other, first]]);
        here.put({ [FILE]: textOf(this.plain) });
        const args = ['encrypt', '-i', FILE];
        await (step.by === 'sotto' ? this.sotto(...args) : this.sops(...args));
        break;
      }
      case 'rotate': {
        const args = ['rotate', '-i', FILE];
        await (step.by === 'sotto' ? this.sotto(...args) : this.sops(...args));
        break;
      }
      case 'onto': {
        const { from, to } = step;
        this.plain = new Map([...plain].map(([name, text]) => [name === from ? to : name, text]));
        here.put({ 'new.yaml': textOf(this.plain) });
        await this.sotto('encrypt', '-i', '--onto', FILE, 'new.yaml');
        here.put({ 'new.yaml': undefined });
        break;
      }
      case 'merge': {
        const base = here.read(FILE);
        const sides: string[] = [];
        for (const [name, text] of [step.ours, step.theirs]) {
          here.put({ [FILE]: base });
          await this.sotto('set', FILE, `["${name}"]`, JSON.stringify(text));
          sides.push(here.read(FILE));
        }
        const files = ['base', 'ours', 'theirs'].map((name) => here.path(`.git/${name}`));
        for (const [index, text] of [base, ...sides].entries()) writeFileSync(files[index] ?? '', text);
        here.put({ [FILE]: sides[0] ?? '' });
        const isSame = step.ours[0] === step.theirs[0];
        if (isSame) {
          this.plain = new Map([...plain, step.ours]);
          break;
        }
        await this.sotto('merge-driver', ...files, '7', FILE);
        const merged = readFileSync(files[1] ?? '', 'utf8');
        here.put({ [FILE]: merged });
        this.plain = new Map([...plain, step.ours, step.theirs]);
      }
    }
  }

  async ages(): Promise<Aged[]> {
    const now = new Date(START + (this.versions.length + 1) * 86_400_000);
    const { stdout, stderr } = await this.here.sotto(['expiry', '--json'], { now });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout).values;
  }
}

interface Aged {
  readonly path: string;
  readonly changed: string | null;
  readonly unchangedSince: string | null;
  readonly evidence: string;
}

let checked = 0;
beforeAll(() => {
  if (SOPS_MISSING !== undefined) console.log(`${SOPS_MISSING}; sotto under its name stands in for it`);
});

test('where only sotto writes, a date changes exactly when the value is new to the file', async () => {
  await fc.assert(
    fc.asyncProperty(steps(false), async (all) => {
      const history = new History();
      try {
        await history.begin();
        let dates = new Map([...history.plain.values()].map((text) => [text, timeAt(0)]));
        for (const step of all) {
          await history.play(step);
          const now = timeAt(history.versions.length);
          history.commit();
          dates = new Map([...history.plain.values()].map((text) => [text, dates.get(text) ?? now]));
          const wanted = [...history.plain].map(([name, text]) => [`["${name}"]`, dates.get(text)]);
          const found = (await history.ages()).map(({ path, changed }) => [path, changed]);
          expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
        }
      } finally {
        history.here.end();
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);

test('where sops writes, too, no change is claimed that was none, and no value is younger than it is', async () => {
  await fc.assert(
    fc.asyncProperty(steps(true), async (all) => {
      const history = new History();
      try {
        await history.begin();
        for (const step of all) {
          await history.play(step);
          history.commit();
        }
        const { versions } = history;
        const holds = (index: number, text: string): boolean =>
          [...(versions[index]?.values() ?? [])].includes(text);
        for (const { path, changed, unchangedSince, evidence } of await history.ages()) {
          const text = history.plain.get(JSON.parse(path)[0]) ?? '';
          const at = versions.findIndex((_, index) => timeAt(index) === changed);
          expect(at, `${path} ${evidence}`).toBeGreaterThanOrEqual(0);
          // Nobody claims that it came at a time before which it was there.
          if (evidence !== 'unproven') expect(at === 0 || !holds(at - 1, text)).toBe(true);
          const first = versions.findIndex((_, index) => holds(index, text));
          if (evidence === 'unproven') expect(at).toBeLessThanOrEqual(first);
          // What is said to be the same since then was there all the time.
          const since = versions.findIndex((_, index) => timeAt(index) === unchangedSince);
          for (let index = Math.max(since, 0); index < versions.length; index += 1)
            expect(since < 0 || holds(index, text)).toBe(true);
          checked += 1;
        }
      } finally {
        history.here.end();
      }
    }),
    { numRuns: RUNS },
  );
  console.log(`ages held against the truth: ${checked}`);
}, 120_000);
