import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { execFileSync, spawnSync } from './support/processes.ts';
import { UNIX_MISSING } from './support/program.ts';
import { processEnvironment, startWithFiles } from './support/terminal.ts';

const path = (name: string): string => fileURLToPath(new URL(`../examples/${name}`, import.meta.url));

test('the example of the library runs', () => {
  expect(execFileSync(process.execPath, [path('library/example.mjs')], { encoding: 'utf8' })).toBe(
    'byte for byte\nhunter3\n',
  );
});

test('the demo runs to its end', () => {
  const output = execFileSync(process.execPath, [path('demo/demo.mjs')], { encoding: 'utf8' });
  expect(output.match(/✓/g)).toHaveLength(4);
  expect(output).toContain(
    "# His key opens nothing any more\nbob$ sotto decrypt secrets/values.yaml\nerror: you can't open secrets/values.yaml",
  );
});

test('the example of templates fills an nginx configuration and a systemd unit', () => {
  const output = execFileSync(process.execPath, [path('render/example.mjs')], { encoding: 'utf8' });
  expect(output).toContain('--- nginx.conf, mode 600\n');
  expect(output).toContain('  upstream shop {\n    server 10.0.0.4:8080;\n    server 10.0.0.5:8080;\n  }\n');
  const basic = Buffer.from('proxy:a $ecret; "quoted"').toString('base64');
  expect(output).toContain(`proxy_set_header Authorization "Basic ${basic}";\n`);
  expect(output).toContain('log_format short \'$remote_addr {"status": $status}\';\n');
  expect(output).toContain('--- shop.service, mode 600\n');
  const [, url = ''] = /^Environment="DATABASE_URL=(.*)"$/m.exec(output) ?? [];
  const { password, host, port } = new URL(url.replaceAll('%%', '%'));
  expect([decodeURIComponent(password), host, port]).toEqual(['p%s"5 €ed', 'db.internal:5432', '5432']);
});

test.skipIf(UNIX_MISSING !== undefined)('a script for sops runs with ours under that name', async () => {
  const session = await startWithFiles();
  const output = execFileSync('sh', [path('drop-in/release.sh'), session.path('alice.key')], {
    cwd: session.folder,
    env: processEnvironment(session.folder),
    encoding: 'utf8',
  });
  session.end();
  expect(output.split('\n')).toEqual([
    'sops 3.13.2',
    '{"encrypted":true}',
    '200: File has not changed, exiting.',
    '{',
    '\t"DB_USER": "shop",',
    '\t"DB_PASSWORD": "n3w"',
    '}',
    'shop logs in with n3w',
    '2',
    '128: Failed to get the data key required to decrypt the SOPS file.',
    '',
  ]);
});

test.skipIf(UNIX_MISSING !== undefined)(
  "a team's repository has the history that its example tells",
  async () => {
    const session = await startWithFiles();
    const folder = session.path('team');
    mkdirSync(folder);
    const { status, stdout, stderr } = spawnSync('sh', [path('team-repo/history.sh')], {
      cwd: folder,
      env: { ...processEnvironment(session.folder), SOPS_AGE_KEY_FILE: undefined },
      encoding: 'utf8',
    });
    expect(stdout, stderr).toBe(`
# Ann begins: one command, and the first secret
the hook stops a secret in clear
committed: 1 commit

# Two branches change two values: git merges without a word
db.password n3w, api.token t-2

# Two branches change one value: only that is asked about
secrets/prod.yaml   api.token   both changed   openable here
api.token t-theirs

# A reviewer without a key sees what changed, and what is wrong
secrets/prod.yaml
  ~ db.password   changed
  ~ api.token     changed
1 file: 2 values
secrets/prod.yaml  note     single-recipient      one key alone opens it: if it is lost, so are the values
nothing is wrong
`);
    expect(status).toBe(0);
    const repository = join(folder, 'shop');
    const objects = spawnSync(
      'sh',
      ['-c', 'git rev-list --objects --all --reflog | cut -d" " -f1 | git cat-file --batch'],
      { cwd: repository, encoding: 'utf8' },
    );
    for (const secret of ['hunter2', 'n3w', 't-ours', 't-theirs'])
      expect(objects.stdout).not.toContain(secret);
    session.end();
  },
);
