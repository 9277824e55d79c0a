import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Outcome, type Session, startSession } from '../../support/session.ts';
import { startTransit, type Transit } from '../../support/transit.ts';

const PLAIN = 'password: p4ss\n';
const TOKEN = 'hvs.very-secret';

let transit: Transit;
let session: Session;
let sealed: string;
beforeAll(async () => {
  transit = await startTransit();
  session = startSession({ VAULT_TOKEN: TOKEN });
  session.write('a.yaml', PLAIN);
  sealed = (await session.sotto(['encrypt', '--hc-vault-transit', transit.key, 'a.yaml'])).stdout;
  session.write('sealed.yaml', sealed);
});
afterAll(async () => {
  session?.end();
  await transit?.end();
});

test('a token goes to no server that only a file names', async () => {
  const { exit, stderr } = await session.sotto(['decrypt', 'sealed.yaml']);
  expect(exit).toBe(128);
  expect(stderr).toContain(`your token is not sent to ${transit.address}`);
});

test('under the name of sops it does, and the log has a warning, unless the user has said where it may go', async () => {
  const sops = (environment = {}): Promise<Outcome> =>
    session.sotto(['decrypt', 'sealed.yaml'], { program: 'sops', environment });
  const opened = await sops();
  expect(opened).toMatchObject({ exit: 0, stdout: PLAIN });
  expect(opened.stderr).toMatch(
    /^\[CMD\]\t time="[^"]*" level=warning msg="the token of Vault is sent to http:\/\/127\.0\.0\.1:\d+, which neither VAULT_ADDR nor a rule names; SOPS_HC_VAULT_ALLOWLIST says where it may go"\n$/,
  );
  expect(opened.stderr).not.toContain(TOKEN);
  for (const environment of [{ SOPS_HC_VAULT_ALLOWLIST: 'all' }, { VAULT_ADDR: transit.address }])
    expect(await sops(environment)).toEqual({
      exit: 0,
      stdout: PLAIN,
      stderr: '',
    });
});
