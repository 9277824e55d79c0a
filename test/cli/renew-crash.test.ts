import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { journalId } from '../../src/commands/renew/journal.ts';
import type { Io } from '../../src/io/io.ts';
import { FakeService, MOODS, type Mood } from '../support/fake-service.ts';
import { spawnSync } from '../support/processes.ts';
import { BINARY, commandLine, UNIX_MISSING } from '../support/program.ts';
import { databasePolicy, type RenewSession, startRenewing } from '../support/renewing.ts';

let here: RenewSession;
let sealed: string;
beforeAll(async () => {
  here = await startRenewing();
  here.policy(databasePolicy());
  await here.seal('db.yaml', 'db:\n  password: old-password\n');
  sealed = here.session.read('repo/db.yaml');
});
afterAll(() => here.end());

/** Ways to the disk and to other programs. */
const CALLS: ReadonlySet<string> = new Set([
  'read',
  'readSetting',
  'write',
  'writeAll',
  'create',
  'remove',
  'makeFolder',
  'makePrivateFolder',
  'filesBelow',
  'runWatched',
  'wait',
]);

class Killed extends Error {}

/** Where a process is killed: at which of its calls, and whether what it asked for is done. */
interface Kill {
  readonly at: number;
  readonly isDone: boolean;
}

/** Runs command lines against a service; each may be killed at one of its calls. */
class Play {
  readonly service: FakeService;
  calls = 0;

  constructor(service: FakeService) {
    this.service = service;
    here.session.write('repo/db.yaml', sealed);
    for (const name of here.journals()) here.removeJournal(name);
  }

  async run(line: readonly string[], kill?: Kill): Promise<number> {
    this.calls = 0;
    let isDead = false;
    const between = (io: Io): Io =>
      new Proxy(io, {
        get: (target, name: string) => {
          const own: unknown = name === 'runWatched' ? this.#runHook : Reflect.get(target, name);
          if (!CALLS.has(name) || typeof own !== 'function') return own;
          return (...args: unknown[]): unknown => {
            if (isDead) throw new Killed();
            this.calls += 1;
            if (this.calls !== kill?.at) return own.apply(target, args);
            isDead = true;
            if (!kill.isDone) throw new Killed();
            const done: unknown = own.apply(target, args);
            if (!(done instanceof Promise)) throw new Killed();
            return done.then(() => {
              throw new Killed();
            });
          };
        },
      });
    const { exit, stderr } = await here.sotto(line, { between });
    if (kill === undefined && /an unexpected/.test(stderr)) throw new Error(stderr);
    return exit;
  }

  readonly #runHook: Io['runWatched'] = async (program) => this.service.run(program);

  /** All that the repository knows. */
  async known(): Promise<string[]> {
    const values = [await here.get('db.yaml', 'db.password')];
    for (const name of here.journals()) {
      const { stdout } = await here.sotto(['decrypt', `.sotto/renew/${name}`]);
      for (const { current, next } of JSON.parse(stdout).values) values.push(current, next);
    }
    return values;
  }

  /** The law: whatever has happened, and whatever is still to happen, the repository has a value that opens the service. */
  async requireRecoverable(): Promise<void> {
    const known = await this.known();
    expect(known.filter((one) => this.service.accepted.has(one))).not.toEqual([]);
    expect(known.filter((one) => this.service.settled.has(one))).not.toEqual([]);
  }

  /** Resume until there is nothing left to do: then the file has what the service takes, and nothing else is left. */
  async requireConverging(isOverlapping: boolean): Promise<void> {
    for (let tries = 0; (await this.run(['renew', '--resume'])) !== 0; tries += 1) {
      await this.requireRecoverable();
      expect(tries).toBeLessThan(12);
    }
    this.service.settle();
    const value = await here.get('db.yaml', 'db.password');
    expect([...this.service.accepted]).toContain(value);
    const [journal] = here.journals();
    if (journal === undefined) return;
    expect(isOverlapping).toBe(true);
    for (let tries = 0; (await this.run(['renew', '--revoke', '--early'])) !== 0; tries += 1) {
      await this.requireRecoverable();
      expect(tries).toBeLessThan(12);
    }
    this.service.settle();
    expect([...this.service.accepted].filter((one) => !one.startsWith('made-by'))).toEqual(
      value.startsWith('made-by') ? [] : [value],
    );
    expect(this.service.accepted.has(value)).toBe(true);
    expect(here.journals()).toEqual([]);
  }
}

/** The program as one file can't be stopped at a call of its own. */
const IN_THIS_PROCESS = BINARY === undefined;

const RENEW = ['renew', '--yes', 'db.yaml', 'db.password'];

/** Policies by what they are called here. */
const POLICIES = {
  replace: databasePolicy(),
  overlap: databasePolicy('strategy: overlap', 'keep_old: 1d'),
  'made by the service': databasePolicy('strategy: overlap').replace(/ +generate.*\n/, ''),
} as const;
type PolicyName = 'replace' | 'overlap' | 'made by the service';
const NAMES: readonly PolicyName[] = ['replace', 'overlap', 'made by the service'];

async function begin(policy: PolicyName, moods: readonly Mood[]): Promise<Play> {
  here.policy(POLICIES[policy]);
  await here.allow();
  return new Play(new FakeService('old-password', { moods, overlaps: policy !== 'replace' }));
}

test.runIf(IN_THIS_PROCESS).each(NAMES)(
  'killed at every call, before and behind it, nothing is lost and all is finished: %s',
  async (name) => {
    const lines = name === 'replace' ? [RENEW] : [RENEW, ['renew', '--revoke', '--early']];
    let killed = 0;
    for (const [index, line] of lines.entries()) {
      // Up to there it is as with the others.
      if (name === 'overlap' && index === 0) continue;
      for (let at = 1; ; at += 1) {
        let isOver = false;
        for (const isDone of [false, true]) {
          const play = await begin(name, []);
          for (const before of lines.slice(0, index)) expect(await play.run(before)).toBe(0);
          await play.run(line, { at, isDone });
          isOver = play.calls < at;
          await play.requireRecoverable();
          if (isOver) break;
          killed += 1;
          await play.requireConverging(name !== 'replace');
        }
        if (isOver) break;
      }
    }
    console.info(`cli/renew-crash: ${name}: killed ${killed} times`);
    expect(killed).toBeGreaterThan(25);
  },
);

const mood = fc.constantFrom(...MOODS);
const kill = fc.record({ at: fc.integer({ min: 1, max: 45 }), isDone: fc.boolean() });

test.runIf(IN_THIS_PROCESS)(
  'of a service that fails, hangs, answers wrong and does things late, under kill after kill, nothing is lost',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...NAMES),
        fc.array(mood, { maxLength: 8 }),
        fc.array(kill, { minLength: 1, maxLength: 3 }),
        async (name, moods, kills) => {
          const play = await begin(name, moods);
          for (const [index, one] of kills.entries()) {
            await play.run(index === 0 ? RENEW : ['renew', '--resume'], one);
            await play.requireRecoverable();
          }
          await play.requireConverging(name !== 'replace');
        },
      ),
      { numRuns: Number(process.env['SOTTO_RUNS'] ?? 40) },
    );
  },
);

test.skipIf(UNIX_MISSING !== undefined)(
  'the process is killed by SIGKILL in each step of a hook, before and behind what it does',
  async () => {
    const hook = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const told = JSON.parse(readFileSync(0, 'utf8'));
const step = process.env.SOTTO_STEP;
const state = JSON.parse(readFileSync(process.env.SERVICE, 'utf8'));
const kill = (when) => {
  if (state.kill !== step + ' ' + when) return;
  writeFileSync(process.env.SERVICE, JSON.stringify({ ...state, kill: undefined }));
  process.kill(process.ppid, 'SIGKILL');
};
kill('before');
if (step === 'set') state.accepted.push(told.next);
if (step === 'revoke') state.accepted = state.accepted.filter((one) => one !== told.previous);
writeFileSync(process.env.SERVICE, JSON.stringify({ ...state, kill: state.kill === step + ' before' ? undefined : state.kill }));
kill('behind');
writeFileSync(process.env.SERVICE + '.over-' + step, '');
if (step === 'test') process.exit(state.accepted.includes(told.next) ? 0 : 1);
`;
    here.policy(POLICIES.overlap);
    here.script('rotate/hook.cjs', hook);
    await here.allow();
    for (const [step, line] of [
      ['set', RENEW],
      ['test', RENEW],
      ['revoke', ['renew', '--revoke', '--early']],
    ] as const)
      for (const when of ['before', 'behind']) {
        here.session.write('repo/db.yaml', sealed);
        here.setService({ accepted: ['old-password'] });
        if (step === 'revoke') expect((await here.sotto(RENEW)).exit).toBe(0);
        here.setService({ ...here.service(), kill: `${step} ${when}` });
        const over = `${here.environment['SERVICE']}.over-${step}`;
        rmSync(over, { force: true });
        const [program, args] = commandLine(line);
        const { signal } = spawnSync(program, args, {
          cwd: here.session.path('repo'),
          env: { ...process.env, ...here.environment },
        });
        expect([step, when, signal]).toEqual([step, when, 'SIGKILL']);
        // The hook goes on alone, and a file, unlike a service, does not take one after the other.
        await expect.poll(() => existsSync(over)).toBe(true);
        if (step !== 'revoke') expect((await here.sotto(['renew', '--resume'])).exit).toBe(0);
        expect((await here.sotto(['renew', '--revoke', '--early'])).exit).toBe(0);
        expect(here.service().accepted).toEqual([await here.get('db.yaml', 'db.password')]);
        expect(here.journals()).toEqual([]);
      }
  },
);

test.skipIf(UNIX_MISSING !== undefined)(
  'what a service may have made, when the process was killed over that, is told once',
  async () => {
    const hook = (create: string): string =>
      `#!/bin/sh\ncat > /dev/null\nif [ "$SOTTO_STEP" = create ]; then ${create}; fi\n`;
    here.policy(databasePolicy().replace(/ +generate.*\n/, ''));
    here.session.write('repo/db.yaml', sealed);
    here.script('rotate/hook.cjs', hook('kill -KILL $PPID'));
    await here.allow();
    const [program, args] = commandLine(RENEW);
    const { signal } = spawnSync(program, args, {
      cwd: here.session.path('repo'),
      env: { ...process.env, ...here.environment },
    });
    expect(signal).toBe('SIGKILL');
    const TOLD =
      /^warning: making a new db\.yaml#db\.password was broken off: its service may have made one that nobody has$/m;
    expect((await here.sotto(['renew', '--resume'])).stderr).toMatch(TOLD);
    expect((await here.sotto(['renew', '--resume'])).stderr).toBe('there is nothing to do\n');
    // Anybody can commit such a note.
    here.session.write('repo/.sotto/renew/0123456789abcdef.creating', '["\\u001b[2J#x", 5, null]');
    here.session.write('repo/.sotto/renew/fedcba9876543210.creating', 'no note');
    const { stderr } = await here.sotto(['renew', '--resume']);
    expect(stderr).toContain('making a new \\u001b[2J#x was broken off');
    expect(stderr).toContain('making a new value was broken off');
    const note = here.session.path(
      `repo/.sotto/renew/${journalId({ file: 'db.yaml', path: ['db', 'password'] })}.creating`,
    );
    here.session.write('outside/file', 'of somebody');
    symlinkSync(here.session.path('outside/file'), note);
    expect((await here.sotto(RENEW)).stderr).toMatch(/\.creating could not be made/);
    expect(here.session.read('outside/file')).toBe('of somebody');
    rmSync(note);
    for (const create of ['echo made', 'exit 1']) {
      here.script('rotate/hook.cjs', hook(create));
      await here.allow();
      await here.sotto(RENEW);
      expect((await here.sotto(['renew', '--resume'])).stderr).toBe('there is nothing to do\n');
    }
    expect(readdirSync(here.session.path('repo/.sotto/renew'))).toEqual([]);
  },
);

test.skipIf(UNIX_MISSING !== undefined)(
  'a signal ends the hook with all that it has started, and what was begun goes on later',
  async () => {
    here.policy(databasePolicy());
    here.session.write('repo/db.yaml', sealed);
    here.setService({ accepted: ['old-password'] });
    here.script('rotate/hook.cjs', '#!/bin/sh\nkill -TERM $PPID\nsleep 60\ntouch "$SERVICE.went-on"\n');
    await here.allow();
    const folder = `${here.environment['XDG_STATE_HOME']}/sotto/run`;
    rmSync(folder, { recursive: true, force: true });
    const before = Date.now();
    const [program, args] = commandLine(RENEW);
    const { status, stderr } = spawnSync(program, args, {
      cwd: here.session.path('repo'),
      env: { ...process.env, ...here.environment },
      encoding: 'utf8',
    });
    expect(Date.now() - before).toBeLessThan(30_000);
    expect(stderr).toMatch(
      /^error: canceled while \.\/rotate\/hook\.cjs was asked to set\n.*renew --resume/m,
    );
    expect(status).toBe(1);
    expect(existsSync(`${here.environment['SERVICE']}.went-on`)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    here.script('rotate/hook.cjs', '#!/bin/sh\nexit 0\n');
    await here.allow();
    expect((await here.sotto(['renew', '--resume'])).exit).toBe(0);
    expect(here.journals()).toEqual([]);
  },
);
