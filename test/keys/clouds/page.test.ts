import { afterAll, afterEach, beforeAll, beforeEach, test, vi } from 'vitest';
import { playPage, typistAt } from '../../support/page.ts';
import { UNIX_MISSING } from '../../support/program.ts';
import { type Session, startSession } from '../../support/session.ts';

let session: Session;
beforeAll(() => {
  session = startSession();
});
afterAll(() => session.end());
// Packages of the clouds read the variables of the process; there is no server of metadata to be looked for.
beforeEach(() => {
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  vi.stubEnv('HOME', session.folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test.skipIf(UNIX_MISSING !== undefined)(
  'who has no credentials is told what docs/clouds.md says',
  async () => {
    await playPage('docs/clouds.md', session, { '': typistAt(session, 'anybody') });
  },
);
