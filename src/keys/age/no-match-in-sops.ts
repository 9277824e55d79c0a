import type { KeyHost } from '../host.ts';
import { type IdentitySource, sshKeyFiles, userKeyFile } from './identity-sources.ts';

/** Variables that name sources, in the order in which sops looks at them (sops `age/keysource.go`). */
const SSH_VARIABLES = ['SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_CMD'] as const;
const AGE_VARIABLES = ['SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', 'SOPS_AGE_KEY_CMD'] as const;

/** Why no age identity opens an entry, as sops says it: what went wrong, and where there was nothing. */
export function noMatchInSops(host: KeyHost, sources: readonly IdentitySource[]): string {
  const sshFiles = sshKeyFiles(host);
  const isThere = (path: string): boolean => host.readBytes(path) !== undefined;
  const isUnset = (variable: string): boolean => host.environment[variable] === undefined;
  const isKeyEmpty = host.environment['SOPS_AGE_KEY'] === '';
  const count =
    sources.flatMap(({ name, identities }) => (sshFiles.includes(name) ? [] : identities)).length +
    sshFiles.filter(isThere).length;
  const all = sources.filter(({ problem }) => problem !== '');
  const problems = all.filter(({ problem }) => !HAS_NOTHING.test(problem)).map(toProblem);
  const userFile = userKeyFile(host);
  const isUserFileNamed =
    !isKeyEmpty &&
    count === 0 &&
    userFile !== undefined &&
    !isThere(userFile) &&
    all.map(toProblem).every(isMissing);
  const unused = [
    ...SSH_VARIABLES.filter(isUnset),
    ...sshFiles.filter((path) => !isThere(path)),
    ...AGE_VARIABLES.filter(isUnset),
    ...(isUserFileNamed ? [userFile] : []),
    ...(isKeyEmpty ? ['SOPS_AGE_KEY'] : []),
    ...all.filter(({ problem }) => HAS_NOTHING.test(problem)).map(({ name }) => name.replace(/=.*/s, '')),
  ];
  const errors = problems.length === 0 ? '' : `. Errors while loading age identities: ${problems.join('; ')}`;
  const where = unused.length === 0 ? '' : `. Did not find keys in ${listOf(unused)}.`;
  return `${WHAT[count] ?? SEVERAL}${errors}${where}`;
}

const UNREAD = 'failed to create reader for decrypting sops data key with age:';
const SEVERAL = `${UNREAD} no identity matched any of the recipients`;
/** By the number of identities. */
const WHAT: readonly string[] = [
  'failed to load age identities',
  `${UNREAD} identity did not match any of the recipients: incorrect identity for recipient block`,
];

/** Where sops finds nothing, and nothing wrong either. */
const HAS_NOTHING = /^(?:there is no identity in it|is a directory$)/;

function toProblem({ name, problem }: IdentitySource): string {
  const [variable = '', path] = name.split(/=(.*)/s);
  return problem === 'it is set, but empty' || (path !== undefined && problem === 'there is no such file')
    ? `failed to open ${variable} file: open ${path ?? ''}: no such file or directory`
    : `failed to parse '${variable}' age identities: ${problem}`;
}

function isMissing(problem: string): boolean {
  return problem.startsWith('failed to open');
}

function listOf(sources: readonly string[]): string {
  const quoted = sources.map((place) => `'${place}'`);
  const last = quoted.pop();
  if (quoted.length === 0) return `location ${last}`;
  return `locations ${quoted.join(', ')}${quoted.length === 1 ? '' : ','} and ${last}`;
}
