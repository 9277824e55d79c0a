import { expect } from 'vitest';
import type { Outcome, Session, World } from './session.ts';
import { TOKEN, type VaultServer } from './vault-server.ts';

/** A value that must not be seen. */
export const VALUE = 's3cret-of-the-shop';

/** Run `publish` with a server's address and token, neither of which, nor the value, may be seen in what it says. */
export async function runPublish(
  session: Session,
  { address }: Pick<VaultServer, 'address'>,
  args: readonly string[],
  world: World = {},
): Promise<Outcome> {
  const environment = {
    SOPS_AGE_KEY_FILE: session.path('key.txt'),
    VAULT_ADDR: address,
    VAULT_TOKEN: TOKEN,
    ...world.environment,
  };
  const outcome = await session.sotto(['publish', ...args], { ...world, environment });
  for (const secret of [TOKEN, VALUE]) expect(outcome.stdout + outcome.stderr).not.toContain(secret);
  return outcome;
}
