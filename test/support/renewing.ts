import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTORS } from './cases.ts';
import { type Outcome, type Session, startSession, type World } from './session.ts';

/**
 * A hook that knows a service which is a file: `{ "accepted": […] }`. Steps that SERVICE_FAILS names end with a status;
 * what it is told is written to `told`, a line for each step.
 */
const HOOK = `#!/usr/bin/env node
const { appendFileSync, readFileSync, writeFileSync, existsSync } = require('node:fs');
const { SOTTO_STEP: step, SOTTO_FILE: file, SOTTO_VALUE: value, SERVICE: service } = process.env;
const told = JSON.parse(readFileSync(0, 'utf8'));
appendFileSync(service + '.told', JSON.stringify({ step, file, value, told, words: process.argv.slice(2), environment: process.env }) + '\\n');
const state = JSON.parse(readFileSync(service, 'utf8'));
const save = () => writeFileSync(service, JSON.stringify(state));
const failure = state.fails && state.fails[step];
if (failure !== undefined) {
  state.fails[step] = failure.rest === undefined ? failure : failure.rest;
  if (failure.times === 1) delete state.fails[step];
  else if (failure.times !== undefined) failure.times -= 1;
  save();
  console.error('the service says: ' + failure.says + ' ' + told.next);
  process.exit(failure.status);
}
if (step === 'create') {
  state.made = (state.made || 0) + 1;
  save();
  console.error('made token-' + state.made + '-of-the-service');
  console.log('token-' + state.made + '-of-the-service');
}
if (step === 'set') {
  state.accepted = state.overlaps ? [...new Set([...state.accepted, told.next])] : [told.next];
  save();
}
if (step === 'test') process.exit(state.accepted.includes(told.next) ? 0 : 1);
if (step === 'revoke') {
  state.accepted = state.accepted.filter((one) => one !== told.previous);
  save();
}
`;

/** What a hook was told in one step. */
export interface Told {
  readonly step: string;
  readonly file: string;
  readonly value: string;
  readonly told: {
    readonly current: string | null;
    readonly next: string | null;
    readonly previous: string | null;
    readonly needs: { readonly [name: string]: string };
  };
  readonly words: readonly string[];
  readonly environment: { readonly [name: string]: string };
}

/** The state of the service. */
export interface ServiceState {
  readonly accepted: readonly string[];
  /** It takes new values beside old ones. */
  readonly overlaps?: boolean;
  /** In which step, and when, a hook kills the process that runs it. */
  readonly kill?: string;
  /** How steps fail, and how often. */
  readonly fails?: {
    readonly [step: string]: { readonly status: number; readonly says: string; readonly times?: number };
  };
}

/** A repository with a policy, an encrypted file, and a hook that knows a service. */
export interface RenewSession {
  readonly session: Session;
  /** What its command lines have in their environment. */
  readonly environment: { readonly [name: string]: string };
  sotto(args: readonly string[], world?: World): Promise<Outcome>;
  /** A value of a file. */
  get(file: string, path: string): Promise<string>;
  /** Write a file in clear, and encrypt it. */
  seal(file: string, text: string): Promise<void>;
  /** The secrets of the policy, as YAML. */
  policy(secrets: string): void;
  /** Put a script there. */
  script(name: string, text: string): void;
  setService(state: ServiceState): void;
  service(): ServiceState;
  told(): readonly Told[];
  journals(): readonly string[];
  removeJournal(name: string): void;
  allow(): Promise<void>;
  end(): void;
}

export async function startRenewing(): Promise<RenewSession> {
  const session = startSession();
  const key = readFileSync(join(VECTORS, 'keys', 'age-alice.txt'), 'utf8');
  mkdirSync(session.path('outside'));
  session.write('outside/key.txt', key);
  mkdirSync(session.path('repo/rotate'), { recursive: true });
  const recipient = /age1\w+/.exec(key)?.[0] ?? '';
  const service = session.path('outside/service');
  const environment = {
    SOPS_AGE_KEY_FILE: session.path('outside/key.txt'),
    XDG_STATE_HOME: session.path('outside/state'),
    SERVICE: service,
    HOOK_SECRET: 'of-the-environment',
  };
  const folder = session.path('repo');
  const sotto: RenewSession['sotto'] = (args, world = {}) =>
    session.sotto(args, { folder, ...world, environment: { ...environment, ...world.environment } });
  const journals = session.path('repo/.sotto/renew');
  const here: RenewSession = {
    session,
    environment,
    sotto,
    get: async (file, path) => (await sotto(['get', file, path])).stdout.replace(/\n$/, ''),
    seal: async (file, text) => {
      session.write(`repo/${file}`, text);
      const { exit, stderr } = await sotto(['encrypt', '-i', file]);
      if (exit !== 0) throw new Error(stderr);
    },
    policy: (secrets) =>
      session.write(
        'repo/.sops.yaml',
        `creation_rules:\n  - age: ${recipient}\nsotto:\n  lifecycle: true\n  secrets:\n${secrets.replace(/^(?=.)/gm, '    ')}`,
      ),
    script: (name, text) => {
      session.write(`repo/${name}`, text);
      chmodSync(session.path(`repo/${name}`), 0o755);
    },
    setService: (state) => writeFileSync(service, JSON.stringify(state)),
    service: () => JSON.parse(readFileSync(service, 'utf8')),
    told: () =>
      existsSync(`${service}.told`)
        ? readFileSync(`${service}.told`, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
    journals: () =>
      existsSync(journals) ? readdirSync(journals).filter((name) => name.endsWith('.json')) : [],
    removeJournal: (name) => rmSync(join(journals, name)),
    allow: async () => {
      const { exit, stderr } = await sotto(['allow'], { ask: () => 'y' });
      if (exit !== 0) throw new Error(stderr);
    },
    end: () => session.end(),
  };
  here.script('rotate/hook.cjs', HOOK);
  here.setService({ accepted: ['old-password'] });
  return here;
}

/** A policy for `db.password` of `db.yaml`, whose hook is the one above. @param more lines of `renew` */
export function databasePolicy(...more: readonly string[]): string {
  const lines = [
    'generate: { kind: random, length: 24 }',
    'hook: [./rotate/hook.cjs, "the database"]',
    ...more,
  ];
  return `- paths: [db.yaml]
  values: [db.password]
  owner: payments@example.org
  max_age: 90d
  consumers: [api, worker]
  renew:
${lines.map((line) => `    ${line}\n`).join('')}`;
}
