import { cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VECTORS } from '../../support/cases.ts';
import { spawnSync } from '../../support/processes.ts';
import { MAIN, NODE_MISSING } from '../../support/program.ts';
import { type Session, startSession } from '../../support/session.ts';

describe.skipIf(NODE_MISSING !== undefined)('installed without its optional packages, the program', () => {
  let session: Session;
  beforeAll(() => {
    session = startSession();
    cpSync(dirname(MAIN), session.path('dist/bin'), { recursive: true });
    session.write('package.json', '{"type":"module","version":"0.0.0"}');
  });
  afterAll(() => session.end());

  test.each([
    [
      'aws-arn',
      /fix: install it beside sotto: npm install @aws-sdk\/client-kms@[\d.]+ @aws-sdk\/credential-providers@[\d.]+\n/,
    ],
    ['gcp-rest', /fix: install it beside sotto: npm install google-auth-library@[\d.]+\n/],
  ])('says for %s with which command they are installed', (name, expected) => {
    session.write(`${name}.yaml`, readFileSync(join(VECTORS, 'kms', name, 'encrypted.yaml')));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [session.path('dist/bin/sotto.js'), 'decrypt', `${name}.yaml`],
      {
        cwd: session.folder,
        encoding: 'utf8',
        env: { HOME: session.folder, GOOGLE_CREDENTIALS: '{"type":"authorized_user"}' },
      },
    );
    expect({ status, stdout }).toEqual({ status: 128, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).toContain('explain: sotto explain dependency-missing');
  });
});
