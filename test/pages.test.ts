import { chmodSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GPG_MISSING, type GpgHome, startGpgHome } from './support/gpg.ts';
import { playPage, stepsOf, typistAt } from './support/page.ts';
import { UNIX_MISSING } from './support/program.ts';
import { type Session, startSession } from './support/session.ts';

const MISSING = GPG_MISSING ?? UNIX_MISSING;
if (MISSING !== undefined) console.info(`pages: ${MISSING}`);

let session: Session;
beforeAll(() => {
  session = startSession();
});
afterAll(() => session.end());

const key = (name: string): Buffer => readFileSync(new URL(`vectors/keys/${name}`, import.meta.url));

describe.skipIf(MISSING !== undefined)('the first week of a team', () => {
  const homes: GpgHome[] = [];
  afterAll(() => {
    for (const home of homes) home.end();
  });

  test('is as docs/team.md tells it', async () => {
    const [anns, bens] = [startGpgHome(), startGpgHome()];
    homes.push(anns, bens);
    bens.importKey('pgp-heidi-ed25519.sec.asc');
    const ann = typistAt(session, 'Ann', { GNUPGHOME: anns.path });
    session.write('ann/.ssh/id_ed25519', key('ssh-ed25519'));
    chmodSync(session.path('ann/.ssh/id_ed25519'), 0o600);
    session.write('ann/.ssh/id_ed25519.pub', key('ssh-ed25519.pub'));
    session.write('ann/ben.asc', key('pgp-heidi-ed25519.pub.asc'));
    await playPage('docs/team.md', session, {
      ann,
      ben: typistAt(session, 'Ben', { GNUPGHOME: bens.path }),
      cleo: typistAt(session, 'Cleo'),
      ci: typistAt(session, 'CI'),
    });
  });
});

test('a page is read by its commands, what they show, and what is typed into them', () => {
  const text =
    'Text\n\n```console\nann$ ask \\\n  me\nSure? (y/n): y\nyes\n```\n\n<!-- console\n$ hidden\n-->\n\n```sh\n$ no\n```\n';
  expect(stepsOf(text)).toEqual([
    { who: 'ann', line: 'ask   me', answers: ['y'], shown: 'Sure? (y/n): \nyes', number: 4 },
    { who: '', line: 'hidden', answers: [], shown: '', number: 11 },
  ]);
});
