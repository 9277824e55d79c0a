import { ALICE, as, BOB, type GitSession, startGitSession } from './git-session.ts';

/** A configuration by which Ann, who has Alice's key, and Bob read all. @param settings more lines of `sotto` */
export function teamConfig(settings = ''): string {
  return `sotto:
${settings}  people:
    ann: &ann { age: [${ALICE}] }
    bob: &bob { age: [${BOB}] }
  teams:
    ops: &ops { merge: [*ann, *bob] }
creation_rules:
  - key_groups: [*ops]
`;
}

/** Start a repository of theirs, in which some files are encrypted and all is committed. */
export async function startTeam(
  config: string,
  encrypted: { readonly [path: string]: string },
  clear: { readonly [path: string]: string } = {},
): Promise<GitSession> {
  const here = startGitSession();
  here.put({ '.sops.yaml': config, ...encrypted, ...clear });
  for (const name of Object.keys(encrypted)) await here.sotto(['encrypt', '-i', name], as('alice'));
  here.commit({});
  return here;
}
