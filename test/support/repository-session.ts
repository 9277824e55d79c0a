import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTORS } from './cases.ts';
import { startRepository, type TestRepository } from './repository.ts';
import { type Outcome, type Session, startSession, type World } from './session.ts';

/** A session whose folder is a real git repository. */
export interface RepositorySession {
  readonly session: Session;
  readonly repository: TestRepository;
  /** Alice's recipient. */
  readonly alice: string;
  /** Run a command line with Alice's key, which lies outside of the repository's files. */
  sotto(args: readonly string[], world?: World): Promise<Outcome>;
  /** Run one that has to succeed. @returns what it printed */
  done(...args: readonly string[]): Promise<string>;
  /** Run one without any key. */
  keyless(args: readonly string[], world?: World): Promise<Outcome>;
  end(): void;
}

export function startRepositorySession(): RepositorySession {
  const session = startSession();
  const repository = startRepository(session.folder);
  const key = readFileSync(join(VECTORS, 'keys', 'age-alice.txt'), 'utf8');
  const identity = '.git/alice.txt';
  session.write(identity, key);
  const environment = { SOPS_AGE_KEY_FILE: session.path(identity) };
  const sotto: RepositorySession['sotto'] = (args, world = {}) =>
    session.sotto(args, { ...world, environment: { ...environment, ...world.environment } });
  return {
    session,
    repository,
    alice: /age1\w+/.exec(key)?.[0] ?? '',
    sotto,
    done: async (...args) => {
      const { exit, stdout, stderr } = await sotto(args);
      if (exit !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
      return stdout;
    },
    keyless: (args, world) => session.sotto(args, world),
    end: () => session.end(),
  };
}
