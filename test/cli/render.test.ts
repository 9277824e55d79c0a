import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import { processesWith, start, UNIX_MISSING } from '../support/program.ts';
import { startSealedSession, UNIQUE } from '../support/sealed-session.ts';
import type { Session } from '../support/session.ts';
import { sessions } from '../support/terminal.ts';

sessions({
  'fills a template, to stdout': `
    $ printf 'a = {{ name }}\\r\\n\\tb="{{ database.password }}" {{ port }}' > t
    $ sotto render -f secret.yaml t | od -c | head -2
    > 0000000   a       =       s   h   o   p  \\r  \\n  \\t   b   =   "   s   3
    > 0000020   c   r   e   t   "       8   0   8   0
    $ sotto render -f secret.yaml < t | tail -1
    >| 	b="s3cret" 8080
    $ sotto render -f secret.yaml /dev/stdin < t | tail -1
    >| 	b="s3cret" 8080
    $ sotto render -f secret.yaml
    < {{ ratio }} {{ nothing }} {{ database.hosts[1] }}
    > 1.5 <nil> two
    $ sotto render secret.yaml -f secret.yaml --json | head -c 60
    >| {"file":"secret.yaml","changed":true,"warnings":[],"text":"#
  `,
  'takes values of several files, of which later ones win': `
    $ sotto render -f secret.yaml -f secret.json
    < {{ database.password }} {{ database.hosts | join: "," }} {{ ratio }}
    > s3cret one,two 1.5
    $ printf 'port: 1\\ndatabase: {hosts: [three]}\\n---\\nport: 2\\n' > more.yaml
    $ sotto encrypt -i --age $ALICE more.yaml
    $ sotto render -f secret.yaml -f more.yaml
    < {{ port }} {{ database.password }} {{ database.hosts | json }}
    > 1 s3cret ["three"]
    !! warning: more.yaml: only the first document is used; 1 more in the file were left out
    $ sotto render -f more.yaml -f secret.yaml
    < {{ port }}
    > 8080
    ! warning: more.yaml: only the first …
    $ printf 'x\\0y' > blob; sotto encrypt -i --age $ALICE blob
    $ sotto render -f blob
    < {{ data | base64_encode }}
    > eAB5
  `,
  'says where a reference leads nowhere, and writes nothing then': `
    $ printf 'one\\né {{ database.pasword }}\\n' > t
    $ sotto render -f secret.yaml --output out t
    ! there is no database.pasword in the files
    !   at t:2:6
    ! fix: did you mean database.password?
    !! explain: sotto explain path-missing
    ? 1
    $ sotto render -f secret.yaml --output out
    < {{ database }}
    ! {{ database }}: this is a mapping, not a value
    !   at line 1, column 1
    ? 4
    $ sotto render -f secret.yaml --json t
    !! {"error":{"code":"path-missing","message":"there is no database.pasword in the files","hint":"did you mean database.password?","file":"t","line":2,"column":6,"exit":1}}
    ? 1
    $ ls out
    ! ls: cannot access 'out': No such file or directory
    ? 2
  `,
  'says what else is wrong': `
    $ sotto render plain.yaml
    ! there is no file to take values from
    ! fix: for example: sotto render -f secrets.yaml nginx.conf.tmpl
    ? 1
    $ sotto render -f secret.yaml missing
    ! there is no file missing
    ? 2
    $ sotto render -f missing plain.yaml
    ! there is no file missing
    ? 2
    $ sotto render -f plain.yaml plain.yaml
    ! the file is not encrypted
    ? 1
    $ sotto render -f secret.yaml --output ./secret.yaml plain.yaml
    ! secret.yaml would be overwritten
    ? 8
    $ sotto render -f secret.yaml --output plain.yaml plain.yaml
    ! plain.yaml would be overwritten
    ? 8
    $ ln -s secret.yaml link; sotto render -f secret.yaml --output link plain.yaml
    ! secret.yaml would be overwritten
    ? 8
    $ sotto render -f secret.yaml --delimiters '<<' plain.yaml
    ! --delimiters "<<" can not be used
    ? 1
    $ printf '\\377{{ name }}' > latin
    $ sotto render -f secret.yaml latin
    ! the file is not in UTF-8
    !   at latin
    ! fix: values are filled in as UTF-8, so the text has to be in it; iconv converts it
    !! explain: sotto explain input-invalid
    ? 2
    $ sotto render -f secret.yaml plain.yaml more
    ! warning: More than one positional argument provided. …
    > …
  `,
  'leaves braces alone where other signs are chosen': `
    $ sotto render -f secret.yaml --delimiters '<< >>'
    < docker ps --format '{{.Names}}' # << name >>{% if on %}!{% endif %}
    > docker ps --format '{{.Names}}' # shop!
    $ sotto render -f secret.yaml
    < docker ps --format '{{.Names}}'
    ! there is no .Names in the files
    !   at line 1, column 23
    ! fix: "sotto decrypt" shows what a file has; where braces belong to the text, choose other signs with --delimiters
    !! explain: sotto explain path-missing
    ? 1
    $ sotto render -f secret.yaml
    < {{ name + 1 }}
    ! not a valid template: expected "|" before filter
    !   at line 1, column 10
    ! fix: a reference is {{ path }}; where braces belong to the text, choose other signs with --delimiters
    !! explain: sotto explain input-invalid
    ? 2
  `,
  'writes a file that only its owner can read, whatever was there before': `
    $ echo '{{ name }}' > t
    $ umask 0; sotto render -f secret.yaml --output new t; stat -c %a new; cat new
    > 600
    > shop
    $ echo old > old; chmod 644 old; ln -s old link
    $ umask 777; sotto render -f secret.yaml --output link t; umask 22; stat -c %a old; test -L link && cat old
    > 600
    > shop
    $ sotto render -f secret.yaml --output new --json t
    > {"file":"t","written":"new","changed":true,"warnings":[]}
    $ ls -A | grep sotto
    ? 1
  `,
  'writes to named pipes and devices directly': `
    $ echo '{{ name }}' > t
    $ mkfifo pipe; cat pipe > read & sotto render -f secret.yaml --output pipe t; wait; cat read; test -p pipe
    > shop
    $ sotto render -f secret.yaml --output /dev/stdout t | cat
    > shop
    $ sotto render -f secret.yaml --output /dev/full t
    ! can't write /dev/full: no space left on device
    ? 3
    $ sotto render -f secret.yaml --output nowhere/out t
    ! can't write $PWD/nowhere/out: no such file or directory
    ? 3
  `,
});

describe.skipIf(UNIX_MISSING !== undefined)('render', () => {
  let session: Session;
  beforeAll(async () => {
    session = await startSealedSession({ 'unique.yaml': `value: ${UNIQUE}\n` });
  }, 60_000);
  afterAll(() => session.end());

  test('waits for the reader of a named pipe, and a signal ends that', async () => {
    spawnSync('mkfifo', [session.path('waiting')]);
    session.write('t', '{{ value }}');
    const running = start(session, ['render', '-f', 'unique.yaml', '--output', 'waiting', 't']);
    await wait(1000);
    expect(running.child.exitCode).toBe(null);
    expect(processesWith(UNIQUE)).toEqual([]);
    running.child.kill('SIGINT');
    expect(await running.ended).toEqual({ exit: -1, signal: 'SIGINT', stdout: '', stderr: '' });
  });

  test('leaves nothing when a signal comes while it writes', async () => {
    // So much that writing takes a while.
    session.write('large', `{{ value }}\n${'x'.repeat(16 << 20)}`);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      session.write('out', 'old');
      const running = start(session, ['render', '-f', 'unique.yaml', '--output', 'out', 'large']);
      await Promise.race([running.ended, working()]);
      expect(leftovers()).toHaveLength(1);
      for (const name of leftovers()) expect(statSync(session.path(name)).mode & 0o777).toBe(0o700);
      running.child.kill(signal);
      expect(await running.ended).toMatchObject({ exit: -1, signal });
      expect(leftovers()).toEqual([]);
      expect(readFileSync(session.path('out')).length).toBe(UNIQUE.length + 1 + (16 << 20));
    }
  });

  /** Resolves when the program has begun to write. */
  async function working(): Promise<void> {
    while (leftovers().length === 0) await wait(1);
  }

  function leftovers(): string[] {
    return readdirSync(session.folder).filter((name) => name.startsWith('.sotto-'));
  }
});
