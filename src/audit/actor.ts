import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { childProcesses } from '../io/builtins.ts';
import { isInBun } from '../io/bun.ts';

/** Who says to have done it. Nothing of that is proven: only the key is that was used. */
export interface Claimed {
  readonly user: string;
  readonly uid?: number;
  readonly host: string;
  /** Whose session `sudo` was called from. */
  readonly sudo_user?: string;
  readonly ci?: { readonly name: string; readonly actor?: string; readonly run?: string };
}

type Environment = { readonly [name: string]: string | undefined };

/** As much of a variable as is recorded. */
const LONGEST = 300;

type Lookup = (name: string) => string | undefined;

/** A service that runs jobs, by the variable that it sets. */
interface Service {
  readonly mark: string;
  readonly name: string;
  /** The variable that says who started the job. */
  readonly actor: string;
  /** Where the job can be seen. */
  readonly run: (variable: Lookup) => string | undefined;
}

const SERVICES: readonly Service[] = [
  {
    mark: 'GITHUB_ACTIONS',
    name: 'github',
    actor: 'GITHUB_ACTOR',
    run: (of) => `${of('GITHUB_SERVER_URL')}/${of('GITHUB_REPOSITORY')}/actions/runs/${of('GITHUB_RUN_ID')}`,
  },
  { mark: 'GITLAB_CI', name: 'gitlab', actor: 'GITLAB_USER_LOGIN', run: (of) => of('CI_JOB_URL') },
  { mark: 'CIRCLECI', name: 'circleci', actor: 'CIRCLE_USERNAME', run: (of) => of('CIRCLE_BUILD_URL') },
  {
    mark: 'BUILDKITE',
    name: 'buildkite',
    actor: 'BUILDKITE_BUILD_CREATOR',
    run: (of) => of('BUILDKITE_BUILD_URL'),
  },
  { mark: 'JENKINS_URL', name: 'jenkins', actor: 'BUILD_USER_ID', run: (of) => of('BUILD_URL') },
  { mark: 'TF_BUILD', name: 'azure', actor: 'BUILD_REQUESTEDFOR', run: (of) => of('BUILD_BUILDURI') },
  { mark: 'CI', name: 'ci', actor: 'CI_ACTOR', run: (of) => of('CI_RUN_URL') },
];

/** Somebody whom the system knows. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number | undefined;
}

let known: SystemUser | undefined;

/** The name that the system has for this process's user. */
export function systemUser(): SystemUser {
  known ??= lookUp();
  return known;
}

function lookUp(): SystemUser {
  const uid = process.geteuid?.();
  if (uid !== undefined && isInBun()) return { name: nameOf(uid), uid };
  try {
    return { name: userInfo().username, uid };
  } catch {
    // A number without a name, as in containers.
    return { name: uid === undefined ? '' : String(uid), uid };
  }
}

/** bun takes the name from a variable. */
function nameOf(uid: number): string {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    const [name] = lines.find((line) => line.split(':', 3)[2] === String(uid))?.split(':') ?? [];
    if (name !== undefined && name !== '') return name;
  } catch {
    // There is no such file.
  }
  const { status, stdout } = childProcesses().spawnSync('/usr/bin/id', ['-un'], {
    encoding: 'utf8',
    env: {},
  });
  return status === 0 ? stdout.trim() : String(uid);
}

/** Who this process says that it works for. */
export function claimedActor(environment: Environment): Claimed {
  const variable: Lookup = (name) => {
    const text = environment[name];
    return text === undefined || text === '' ? undefined : text.slice(0, LONGEST);
  };
  const { name, uid } = systemUser();
  const sudo = variable('SUDO_USER');
  const service = SERVICES.find(({ mark }) => variable(mark) !== undefined);
  return {
    user: name,
    ...(uid === undefined ? {} : { uid }),
    host: hostname(),
    ...(sudo === undefined ? {} : { sudo_user: sudo }),
    ...(service === undefined ? {} : { ci: jobOf(service, variable) }),
  };
}

function jobOf({ name, actor, run }: Service, variable: Lookup): NonNullable<Claimed['ci']> {
  const [who, where] = [variable(actor), run(variable)];
  return {
    name,
    ...(who === undefined ? {} : { actor: who }),
    ...(where === undefined ? {} : { run: where }),
  };
}
