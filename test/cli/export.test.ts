import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { github } from '../../src/commands/export/github.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { spawnSync } from '../support/processes.ts';
import { processesWith, UNIX_MISSING } from '../support/program.ts';
import { seal, startSealedSession, UNIQUE } from '../support/sealed-session.ts';
import type { Session } from '../support/session.ts';
import { processEnvironment, sessions } from '../support/terminal.ts';

sessions({
  'speaks each language': `
    $ sotto export --format shell --only 'DATABASE_*' --only TEXT secret.yaml
    > export DATABASE_PASSWORD='s3cret'
    > export DATABASE_HOSTS_0='one'
    > export DATABASE_HOSTS_1='two'
    > export TEXT='first
    > second
    > '
    $ sotto export --format fish --only DATABASE_PASSWORD secret.yaml
    > set -gx -- DATABASE_PASSWORD 's3cret'
    $ sotto export --format dotenv --only NAME --only RATIO --only TEXT secret.yaml
    > NAME=shop
    > RATIO=1.5
    > TEXT='first
    > second
    > '
    $ sotto export --format json --only PORT --only NOTHING --only ON secret.yaml
    > {
    >   "PORT": "8080",
    >   "ON": "true",
    >   "NOTHING": "<nil>"
    > }
    $ sotto export --format yaml --only PORT --only TEXT secret.yaml
    > "PORT": "8080"
    > "TEXT": "first\\nsecond\\n"
    $ sotto export --format tfvars --only PORT --only TEXT secret.yaml
    > PORT = "8080"
    > TEXT = "first\\nsecond\\n"
    $ sotto export --format gitlab --only PORT --only NAME secret.yaml
    > NAME=shop
    > PORT=8080
    $ sotto export --format k8s-secret --name shop --namespace prod --only NAME secret.yaml
    > apiVersion: v1
    > kind: Secret
    > metadata:
    >   name: "shop"
    >   namespace: "prod"
    > type: Opaque
    > data:
    >   "NAME": "c2hvcA=="
    $ sotto export --format yaml --only NOBODY secret.yaml
    > {}
    !! warning: no variable has a name like NOBODY
  `,
  'makes names as run does, and as it is told': `
    $ sotto export --format gitlab --except '*text' --prefix x --case keep --separator __ secret.yaml
    > xname=shop
    > xport=8080
    > xratio=1.5
    > xon=true
    > xnothing=<nil>
    > xhost_unencrypted=db.internal
    > xdatabase__password=s3cret
    > xdatabase__hosts__0=one
    > xdatabase__hosts__1=two
    $ sotto run -f secret.yaml --only 'database*' --case keep --separator __ --no-mask -- sh -c 'env | grep ^database | sort'
    > database__hosts__0=one
    > database__hosts__1=two
    > database__password=s3cret
    $ sotto export --format json --map PGPASSWORD=database.password --only PGPASSWORD secret.yaml
    > {
    >   "PGPASSWORD": "s3cret"
    > }
    $ printf 'lower=one\\n' > names.env; sotto encrypt -i --age $ALICE names.env; sotto export --format gitlab names.env; sotto export --format gitlab --case upper names.env
    > lower=one
    > LOWER=one
  `,
  'takes several files, of which later ones win, and the first document of each': `
    $ printf 'port: 1\\n---\\nport: 2\\n' > more.yaml; sotto encrypt -i --age $ALICE more.yaml
    $ sotto export --format gitlab --only PORT --only NAME secret.yaml more.yaml
    > NAME=shop
    > PORT=1
    ! warning: more.yaml: only the first document is used; 1 more in the file were left out
  `,
  'refuses what a language can not hold, and says what can': `
    $ sotto export --format gitlab secret.yaml
    ! gitlab can't hold the value of TEXT: it has blanks or line breaks
    ! fix: the job that needs it can run: eval "$(sotto export --format shell FILE)"; or leave it out: --except TEXT
    !! explain: sotto explain output-unsupported
    ? 4
    $ printf 'a: pa$word\\n' > dollar.yaml; sotto encrypt -i --age $ALICE dollar.yaml; sotto export --format gitlab dollar.yaml
    ! gitlab can't hold the value of A: it has a $, and GitLab fills in variables behind it
    ? 4
    $ sotto export --format shell --map 'A-B=name' secret.yaml
    ! shell has no names such as A-B
    ! fix: names have letters, digits and _, and no digit in front; give it one, as in --map NAME=path, or leave it out: --except
    !! explain: sotto explain output-unsupported
    ? 4
    $ sotto export --format shell --map UID=name secret.yaml
    ! UID means something else to shells
    ? 4
    $ printf '{"a": "x\\\\u0000y"}' > zero.json; sotto encrypt -i --age $ALICE zero.json; sotto export --format json zero.json
    ! the value of a has a zero byte, and no variable can hold that
    ? 1
    $ printf 'a: e\\314\\201\\n' > form.yaml; sotto encrypt -i --age $ALICE form.yaml
    $ sotto export --format tfvars form.yaml
    ! tfvars can't hold the value of A: it has characters that Terraform would put together
    ? 4
    $ sotto export --format json form.yaml | wc -l
    > 3
    $ printf 'path: /evil\\nkey: x\\n' > path.yaml; sotto encrypt -i --encrypted-regex key --age $ALICE path.yaml
    $ sotto export --format shell path.yaml
    ! PATH changes what programs load, and its value is in clear: anybody can have given it that name
    ? 1
  `,
  'says what else is wrong': `
    $ sotto export secret.yaml
    ! export needs a format
    ! fix: --format is one of shell, fish, dotenv, json, yaml, github, github-mask, gitlab, k8s-secret, tfvars, systemd-credentials
    !! explain: sotto explain usage
    ? 1
    $ sotto export --format bash secret.yaml
    ! warning: --format bash is not known
    ! fix: did you mean fish?
    ! there is no format bash
    ! fix: …
    !! explain: sotto explain usage
    ? 1
    $ sotto export --format github --to outputs secret.yaml
    ! warning: --to outputs is not known…
    ? 1
    $ sotto export --format shell --case lower secret.yaml
    ! warning: --case lower is not known…
    ? 1
    $ sotto export --format shell
    ! there is no file to take values from
    ? 100
    $ sotto export --format shell missing.yaml
    ! there is no file missing.yaml
    ? 2
    $ sotto export --format shell plain.yaml
    ! the file is not encrypted
    ? 1
    $ SOPS_AGE_KEY_FILE=bob.key sotto export --format shell secret.yaml
    ! you can't open secret.yaml…
    ? 128
    $ sed 's/^port: .*/port: 8081/' secret.yaml > bent.yaml; sotto export --format shell bent.yaml
    ! port: the value should be encrypted, but stands in clear
    ? 25
    $ sotto export --format k8s-secret secret.yaml
    ! the Secret has no name
    ? 1
    $ sotto export --format k8s-secret --name 'x: y' secret.yaml
    ! x: y can not be the name of a Secret
    ? 1
    $ sotto export --format k8s-secret --name x --namespace 'a.b' secret.yaml
    ! a.b can not be a namespace
    ? 1
    $ sotto export --format dotenv --output ./secret.yaml secret.yaml
    ! ./secret.yaml would be overwritten
    ? 8
    $ sotto export --format shell --query secret.yaml
    ! --query is for --format json
    ? 8
  `,
  'writes a file that only its owner can read; as JSON it reports names, and no value': `
    $ umask 0; sotto export --format dotenv --except TEXT --output .env --json secret.yaml; stat -c %a .env; tail -2 .env
    > {"format":"dotenv","names":["NAME","PORT","RATIO","ON","NOTHING","HOST_UNENCRYPTED","DATABASE_PASSWORD","DATABASE_HOSTS_0","DATABASE_HOSTS_1"],"written":".env"}
    > 600
    > DATABASE_HOSTS_0=one
    > DATABASE_HOSTS_1=two
    $ sotto export --format shell --only NAME --json secret.yaml
    > {"format":"shell","names":["NAME"]}
  `,
  'reads the query of Terraform': `
    $ sotto export --format json --query
    < {"file": "secret.yaml", "only": "NAME,DATABASE_P*", "except": "X_*", "prefix": ""}
    > {
    >   "NAME": "shop",
    >   "DATABASE_PASSWORD": "s3cret"
    > }
    ! warning: no variable has a name like X_*
    $ sotto export --format json --query --only NAME secret.yaml
    > {
    >   "NAME": "shop"
    > }
    $ sotto export --format json --query secret.yaml
    < {"ony": "NAME"}
    ! the query asks for ony
    ! fix: it can have file, only, except, prefix
    !! explain: sotto explain usage
    ? 1
    $ sotto export --format json --query secret.yaml
    < {"only": 1}
    ! the query on stdin is no JSON object of strings
    ? 1
    $ sotto export --format json --query secret.yaml
    < {"__proto__": "x"}
    ! the query asks for __proto__
    ? 1
    $ printf 'a: e\\314\\201\\n' > form.yaml; sotto encrypt -i --age $ALICE form.yaml; echo '{}' | sotto export --format json --query form.yaml
    ! json can't hold the value of A: it has characters that Terraform would put together
    ? 4
  `,
  'shows values on a terminal only when it is told to': `
    $ script -qec 'sotto export --format shell --only NAME secret.yaml' /dev/null < /dev/null | head -1 | tr -cd 'a-z :'
    >| merror:m the values would stand on this terminal
    $ script -qec 'sotto export --format shell --only NAME --reveal secret.yaml' /dev/null < /dev/null | tr -d '\\r'
    > export NAME='shop'
    $ : > env; GITHUB_ENV=$PWD/env script -qec 'sotto export --format github --only NAME secret.yaml' /dev/null < /dev/null > seen; grep -c shop seen; wc -c < env
    > 0
    > 0
    $ CI=true GITHUB_ENV=$PWD/env script -qec 'sotto export --format github --only NAME secret.yaml' /dev/null < /dev/null | tr -d '\\r'
    > ::add-mask::shop
    $ CI=true script -qec 'sotto export --format shell --only NAME secret.yaml' /dev/null < /dev/null | grep -c shop
    > 0
    ? 1
  `,
  'leaves GitHub alone where there is none': `
    $ sotto export --format github --only NAME secret.yaml
    ! there is no $GITHUB_ENV to write to
    ! fix: github is for a step of GitHub Actions; anywhere else, take another --format
    !! explain: sotto explain no-destination
    ? 1
    $ GITHUB_ENV=/nowhere/env sotto export --format github --only NAME secret.yaml
    ! there is no $GITHUB_ENV to write to
    ? 1
    $ : > env; GITHUB_ENV=env sotto export --format github --only NAME --map NODE_OPTIONS=name secret.yaml
    ! warning: no variable has a name like NAME
    $ : > env; GITHUB_ENV=env sotto export --format github --map NODE_OPTIONS=name secret.yaml; wc -c < env
    > 0
    ! NODE_OPTIONS belongs to GitHub Actions, which passes over it
  `,
});

let session: Session;
beforeAll(async () => {
  session = await startSealedSession({
    'lines.yaml': 'first: "100% a\\n  b\\n\\nc::d\\r\\ne"\nsecond_unencrypted: in clear\nthird: x\n',
    'unique.yaml': `value: ${UNIQUE}\nother: "${UNIQUE}-2"\n`,
  });
  await seal(session, { 'blob.bin': Buffer.from([1, 255, 254]) });
});
afterAll(() => session.end());

const sotto = (args: readonly string[], environment: { readonly [name: string]: string } = {}) =>
  session.sotto(args, { environment: { SOPS_AGE_KEY_FILE: session.path('key.txt'), ...environment } });

describe('for GitHub', () => {
  const DELIMITERS = /sotto-[0-9a-f-]{36}/g;

  test('each line of what is encrypted is masked, and values come between random delimiters', async () => {
    session.write('env', 'A=1');
    const { stdout, stderr, exit } = await sotto(['export', '--format', 'github', 'lines.yaml'], {
      GITHUB_ENV: session.path('env'),
    });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const masked = ['100%25 a', '  b', 'b', 'c::d', 'e', 'x'];
    expect(stdout).toBe(masked.map((line) => `::add-mask::${line}\n`).join(''));
    const text = session.read('env');
    expect(text.replace(DELIMITERS, 'DELIMITER')).toBe(
      [
        'A=1\nFIRST<<DELIMITER\n100% a\n  b\n\nc::d\r\ne\nDELIMITER\n',
        'SECOND_UNENCRYPTED<<DELIMITER\nin clear\nDELIMITER\n',
        'THIRD<<DELIMITER\nx\nDELIMITER\n',
      ].join(''),
    );
    expect(new Set(text.match(DELIMITERS)).size).toBe(3);
  });

  test('outputs are another file', async () => {
    session.write('out', '');
    const args = ['export', '--format', 'github', '--to', 'output', '--only', 'THIRD', 'lines.yaml'];
    expect(await sotto(args, { GITHUB_OUTPUT: session.path('out'), GITHUB_ENV: '/nowhere' })).toMatchObject({
      exit: 0,
      stdout: '::add-mask::x\n',
    });
    expect(session.read('out').replace(DELIMITERS, '')).toBe('THIRD<<\nx\n\n');
  });

  test('the log alone can be told, whatever names there are; what is no text shows in no log', async () => {
    const args = ['export', '--format', 'github-mask', '--map', '0 x=third', 'lines.yaml'];
    expect(await sotto([...args, '--only', '0 x'])).toEqual({
      exit: 0,
      stdout: '::add-mask::x\n',
      stderr: '',
    });
    const bytes = ['export', '--format', 'github-mask', '--input-type', 'binary', 'blob.bin'];
    expect(await sotto(bytes)).toEqual({ exit: 0, stdout: '', stderr: '' });
  });

  test('what is written is masked already', async () => {
    session.write('env', '');
    const io = nodeIo({ GITHUB_ENV: session.path('env') }, session.folder);
    const seen: string[] = [];
    const variable = {
      name: 'A',
      text: 'x',
      isSecret: true,
      isEncrypted: true,
      isNamed: false,
      isOutsideMac: false,
    };
    await github.print(
      [variable],
      { to: 'env', forTerraform: false },
      {
        ...io,
        print: (text) => seen.push(`${text}; the file has ${session.read('env').length} bytes`),
      },
    );
    expect(seen).toEqual(['::add-mask::x\n; the file has 0 bytes']);
    expect(session.read('env')).not.toBe('');
  });
});

test('bytes that are no text are for a Secret alone', async () => {
  const shell = await sotto(['export', '--format', 'shell', '--input-type', 'binary', 'blob.bin']);
  expect(shell).toMatchObject({ exit: 4, stdout: '' });
  expect(shell.stderr).toContain("shell can't hold the value of DATA: it is not in UTF-8");
  const secret = await sotto([
    'export',
    '--format',
    'k8s-secret',
    '--name',
    'x',
    '--input-type',
    'binary',
    'blob.bin',
  ]);
  expect(secret.stdout).toContain('"DATA": "Af/+"');
});

const CREDS_MISSING =
  process.getuid?.() === 0 && spawnSync('sh', ['-c', 'systemd-creds --version']).status === 0
    ? undefined
    : 'cli/export: skipped: systemd-creds is not here, or this is not root';
if (CREDS_MISSING !== undefined) console.info(CREDS_MISSING);

describe.skipIf(CREDS_MISSING !== undefined)('for systemd', () => {
  test('values are encrypted for the machine, never in an argument, and come back', async () => {
    const running = sotto([
      'export',
      '--format',
      'systemd-credentials',
      '--output',
      'cred.conf',
      'unique.yaml',
    ]);
    const seen: string[] = [];
    const ended = running.finally(() => seen.push('ended'));
    while (seen.length === 0) {
      expect(processesWith(UNIQUE)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await ended).toEqual({ exit: 0, stdout: '', stderr: '' });
    const text = session.read('cred.conf');
    expect(text).toMatch(/^\[Service\]\nSetCredentialEncrypted=VALUE: \\\n/);
    expect(text).not.toContain(UNIQUE);
    const [, value = '', other = ''] = text.split(/^SetCredentialEncrypted=\w+:/m);
    for (const [name, sealed, plain] of [
      ['VALUE', value, UNIQUE],
      ['OTHER', other, `${UNIQUE}-2`],
    ] as const) {
      const input = sealed.replace(/[\\\s]/g, '');
      const { stdout, stderr } = spawnSync('systemd-creds', ['decrypt', `--name=${name}`, '-', '-'], {
        input,
        encoding: 'utf8',
      });
      expect({ stdout: stdout.replace(/\n$/, ''), stderr }).toEqual({ stdout: plain, stderr: '' });
    }
  });
});

describe.skipIf(UNIX_MISSING !== undefined)('in a shell', () => {
  const sh = (script: string) =>
    spawnSync('sh', ['-ec', script], {
      cwd: session.folder,
      env: { ...processEnvironment(session.folder), SOPS_AGE_KEY_FILE: session.path('key.txt') },
      encoding: 'utf8',
    });

  test('variables come, and where there are none a script with set -e ends', () => {
    const line = 'eval "$(sotto export --format shell FILE || echo false)"; echo "$VALUE"';
    expect(sh(line.replace('FILE', 'unique.yaml'))).toMatchObject({ status: 0, stdout: `${UNIQUE}\n` });
    const failed = sh(line.replace('FILE', 'missing.yaml'));
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toContain('there is no file missing.yaml');
  });
});
