// What people do with sotto on Windows, played with the program as it is built: "node test/windows/play.cjs" there, or
// elsewhere under wine, as docs/deploy/windows.md says. A report goes to the file that is named, if one is, as a program
// under wine can't write to a pipe of Unix.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const assert = require('node:assert/strict');

/** sotto.exe, where SOTTO_BIN names it; else the program as Node runs it. */
const [PROGRAM, ...WORDS] = process.env.SOTTO_BIN
  ? [process.env.SOTTO_BIN]
  : [process.execPath, path.join(__dirname, '..', '..', 'dist', 'bin', 'sotto.js')];
const REPORT = process.argv[2];
const SECRET = 's3cret-of-windows';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'sotto-windows-'));
const shop = path.join(temporary, 'Shop with blanks');
const own = path.join(temporary, 'own');
fs.mkdirSync(path.join(shop, 'secrets', 'prod'), { recursive: true });
fs.mkdirSync(own);

const environment = {
  SystemRoot: process.env.SystemRoot,
  ComSpec: process.env.ComSpec,
  // Neither git nor gpg is there.
  PATH: path.join(process.env.SystemRoot ?? '', 'system32'),
  PATHEXT: '.EXE;.CMD;.BAT',
  APPDATA: own,
  LOCALAPPDATA: own,
  USERPROFILE: own,
  TEMP: own,
  TMP: own,
};

function sotto(args, { input = '', env = {}, cwd = shop } = {}) {
  const { status, stdout, stderr } = spawnSync(PROGRAM, [...WORDS, ...args], {
    cwd,
    env: { ...environment, ...env },
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** What went well says so. */
function done(args, options) {
  const outcome = sotto(args, options);
  assert.equal(outcome.status, 0, `${args.join(' ')}: ${outcome.stderr}`);
  return outcome;
}

const write = (name, text) => fs.writeFileSync(path.join(shop, name), text);
const read = (name) => fs.readFileSync(path.join(shop, name), 'utf8');
const PLAIN = `# of the shop\r\ndatabase:\r\n  user: shop\r\n  password: "${SECRET}" # in quotes\r\n  port: 0x1538\r\n`;

let recipient = '';
const steps = {
  'it is what it says': () => assert.match(done(['--version']).stdout, /^sotto \d/),
  'keygen puts the key where this system has settings': () => {
    recipient = done(['keygen']).stdout.trim();
    assert.match(recipient, /^age1/);
    assert.match(fs.readFileSync(path.join(own, 'sops', 'age', 'keys.txt'), 'utf8'), /AGE-SECRET-KEY-1/);
  },
  'a rule with slashes counts for a path with backslashes, and lines end as they did': () => {
    write(
      '.sops.yaml',
      `creation_rules:\r\n  - path_regex: ^secrets/prod/[^/]+\\.yaml$\r\n    age: ${recipient}\r\n`,
    );
    write('secrets\\prod\\app.yaml', PLAIN);
    done(['encrypt', '-i', 'secrets\\prod\\app.yaml']);
    assert.ok(!read('secrets\\prod\\app.yaml').includes(SECRET));
    assert.equal(done(['decrypt', 'secrets\\prod\\app.yaml']).stdout, PLAIN);
  },
  'so it does for a path with a drive, with slashes, and in other letters': () => {
    for (const [index, spell] of [
      (name) => name,
      (name) => name.replaceAll('\\', '/'),
      (name) => name.replace('Shop', 'SHOP').replace('C:', 'c:'),
    ].entries()) {
      const name = path.join(shop, 'secrets', 'prod', `x${index}.yaml`);
      fs.writeFileSync(name, PLAIN);
      done(['encrypt', '-i', spell(name)]);
      assert.ok(!fs.readFileSync(name, 'utf8').includes(SECRET), name);
    }
  },
  'a rule that looks for backslashes is named': () => {
    write('other.yaml', `creation_rules:\n  - path_regex: secrets\\\\prod\n    age: ${recipient}\n`);
    write('secrets\\prod\\plain.yaml', PLAIN);
    assert.match(
      sotto(['--config', 'other.yaml', 'encrypt', 'secrets\\prod\\plain.yaml']).stderr,
      /write \/ for/,
    );
    fs.rmSync(path.join(shop, 'secrets\\prod\\plain.yaml'));
  },
  'values are got, set, and taken out': () => {
    const file = 'secrets\\prod\\app.yaml';
    assert.equal(done(['get', file, 'database.password']).stdout, SECRET);
    done(['set', file, 'database.user', '"anna"']);
    done(['set', '--stdin', file, 'database.more'], { input: 'two\r\nlines' });
    assert.equal(done(['get', file, 'database.more']).stdout, 'two\r\nlines');
    done(['unset', file, 'database.more']);
    assert.equal(done(['decrypt', file]).stdout, PLAIN.replace('user: shop', 'user: anna'));
  },
  'a command gets values and no key, what it prints is masked, and its status is handed on': () => {
    const script = 'console.log(process.env.DATABASE_PASSWORD, process.env.SOPS_AGE_KEY); process.exit(7)';
    const key = fs.readFileSync(path.join(own, 'sops', 'age', 'keys.txt'), 'utf8');
    const line = ['run', '-f', 'secrets\\prod\\app.yaml', '--', process.execPath, '-e', script];
    assert.deepEqual(sotto(line, { env: { SOPS_AGE_KEY: key } }), {
      status: 7,
      stdout: '*** undefined\n',
      stderr: '',
    });
  },
  'cmd.exe is a command, too': () => {
    const line = [
      'run',
      '--no-mask',
      '-f',
      'secrets\\prod\\app.yaml',
      '--',
      'cmd',
      '/c',
      'echo %DATABASE_PASSWORD%',
    ];
    assert.equal(done(line).stdout.trim(), SECRET);
  },
  'exec-env and exec-file run a line, and a file stands in for a named pipe': () => {
    const env = ['exec-env', 'secrets\\prod\\flat.yaml', 'echo %password%'];
    write('secrets\\prod\\flat.yaml', `password: ${SECRET}\n`);
    done(['encrypt', '-i', 'secrets\\prod\\flat.yaml']);
    assert.equal(done(env).stdout.trim(), SECRET);
    const { stdout, stderr } = done(['exec-file', 'secrets\\prod\\flat.yaml', 'type {}']);
    assert.equal(stdout.trim(), `password: ${SECRET}`);
    assert.match(stderr, /fifo|pipe/i);
  },
  'templates are filled, and exports quoted': () => {
    write('app.tmpl', 'password={{ database.password }}\r\n');
    done(['render', '-f', 'secrets\\prod\\app.yaml', '--output', 'app.conf', 'app.tmpl']);
    assert.equal(read('app.conf'), `password=${SECRET}\r\n`);
    assert.match(
      done(['export', '--format', 'json', 'secrets\\prod\\app.yaml']).stdout,
      /"DATABASE_PASSWORD": "s3cret/,
    );
  },
  'an editor with blanks in its path edits, and leaves nothing behind': () => {
    fs.mkdirSync(path.join(own, 'My Editor'));
    const script = path.join(own, 'My Editor', 'edit.cjs');
    fs.writeFileSync(
      script,
      "const fs=require('fs');const f=process.argv[2];fs.writeFileSync(f,fs.readFileSync(f,'utf8').replace('anna','bert'))",
    );
    done(['edit', 'secrets\\prod\\app.yaml'], { env: { EDITOR: `"${process.execPath}" "${script}"` } });
    assert.equal(done(['get', 'secrets\\prod\\app.yaml', 'database.user']).stdout, 'bert');
  },
  'new data keys and readers': () => {
    const other = done(['keygen', '--output', 'other.key']).stdout.trim();
    done(['rotate', '-i', '--add-age', other, 'secrets\\prod\\app.yaml']);
    assert.equal(
      done(['get', 'secrets\\prod\\app.yaml', 'database.password'], {
        env: { SOPS_AGE_KEY_FILE: 'other.key', APPDATA: temporary },
      }).stdout,
      SECRET,
    );
    done(['updatekeys', '--yes', 'secrets\\prod']);
    done(['sync', '--check', 'secrets']);
  },
  'without git, what needs it says so, and fails': () => {
    for (const line of [['init', '--yes'], ['diff']]) {
      const { status, stderr } = sotto(line);
      assert.notEqual(status, 0, line.join(' '));
      assert.match(stderr, /git/, line.join(' '));
    }
  },
  'without git, check looks at the files below': () => {
    assert.match(sotto(['check']).stdout, /private-key/);
    fs.rmSync(path.join(shop, 'other.key'));
    done(['check', 'secrets']);
  },
  'what this system does not have says so': () => {
    assert.match(
      sotto(['exec-file', '--background', 'secrets\\prod\\flat.yaml', 'type {}']).stderr,
      /Windows/,
    );
    assert.match(sotto(['keygen', '--keychain', '--output', 'k']).stderr, /Windows/);
  },
  'nothing in clear is left among temporary files': () => {
    const left = fs.readdirSync(own, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const file = path.join(own, name);
      return fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8').includes(SECRET);
    });
    assert.deepEqual(left, []);
    assert.deepEqual(
      fs.readdirSync(path.join(shop, 'secrets', 'prod')).filter((name) => !name.endsWith('.yaml')),
      [],
    );
  },
};

const lines = [];
let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  const begin = Date.now();
  try {
    step();
    lines.push(`ok   ${name} (${Date.now() - begin} ms)`);
  } catch (error) {
    failed += 1;
    lines.push(`FAIL ${name}\n${error.stack}`);
  }
}
fs.rmSync(temporary, { recursive: true, force: true });
lines.push(`${lines.length - failed} passed, ${failed} failed`, '');
if (REPORT === undefined) process.stdout.write(lines.join('\n'));
else fs.writeFileSync(REPORT, lines.join('\n'));
process.exitCode = failed === 0 ? 0 : 1;
