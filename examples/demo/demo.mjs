// The main job of sotto, played in a temporary git repository. Run with: npm run demo
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/bin/sotto.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sotto-demo-'));
const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;

const bin = join(folder, 'bin');
const repository = join(folder, 'shop');
mkdirSync(bin);
mkdirSync(repository);
chmodSync(main, 0o755);
symlinkSync(main, join(bin, 'sotto'));

const environment = {
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  HOME: folder,
  GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_PAGER: 'cat',
};
writeFileSync(
  environment.GIT_CONFIG_GLOBAL,
  '[user]\n\tname = Demo\n\temail = demo@example.org\n[init]\n\tdefaultBranch = main\n',
);

/** Say what happens. */
function say(text) {
  console.log(colour ? `\n\x1b[1m# ${text}\x1b[0m` : `\n# ${text}`);
}

/** Run a command line as a person would type it. */
function run(line, { as = 'alice', fails = false } = {}) {
  console.log(`${as}$ ${line}`);
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    cwd: repository,
    env: { ...environment, SOPS_AGE_KEY_FILE: join(folder, `${as}.key`) },
    encoding: 'utf8',
  });
  process.stdout.write(shorten(stdout + stderr));
  if ((status !== 0) !== fails) {
    throw new Error(`"${line}" ended with ${status}`);
  }
  return stdout;
}

/** Tokens are long; their beginning says enough. */
function shorten(text) {
  return text
    .replace(/(ENC\[AES256_GCM,data:[^,]{0,8})[^\]]*\]/g, '$1…]')
    .replace(/^( {8,})[A-Za-z0-9+/=]{60,}\n/gm, '');
}

function expectSame(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what} differs from the original`);
  console.log(`✓ ${what} is the original, byte for byte`);
}

const VALUES = `# Values of the shop
image:   {repository: shop, tag: "1.20"}   # not secret, but encrypted by default

database:
  host_unencrypted: db.internal
  password: 'correct horse battery staple'
  port: 0o1470
  init: |
    CREATE USER shop;

    -- done
`;
const JSON_FILE = '{\n  "token": "zY8-ab/12",\n  "retries": 3, "rate": 1.50,\n  "on": true\n}\n';

try {
  say('Two people make a key each');
  const alice = run('sotto keygen --output ../alice.key').trim();
  const bob = run('sotto keygen --output ../bob.key', { as: 'bob' }).trim();

  say('The repository names who can read its secrets');
  const config = (recipients) =>
    `creation_rules:\n  - path_regex: secrets/\n    age:\n${recipients.map((one) => `      - ${one}\n`).join('')}`;
  mkdirSync(join(repository, 'secrets'));
  writeFileSync(join(repository, '.sops.yaml'), config([alice, bob]));
  writeFileSync(join(repository, 'secrets/values.yaml'), VALUES);
  writeFileSync(join(repository, 'secrets/app.json'), JSON_FILE);
  run('cat .sops.yaml');
  run('cat secrets/values.yaml');

  say('Encrypt the files in place, and commit them');
  run('sotto encrypt -i secrets/values.yaml');
  run('sotto encrypt -i secrets/app.json');
  run('head -n 12 secrets/values.yaml');
  run('git init -q . && git add . && git commit -qm "Add secrets"');

  say(
    'Change one value: the diff is that value, the MAC, the date, and the frame, which vouches for the spelling',
  );
  run(`sotto set secrets/values.yaml database.password '"new password"'`);
  run('git diff --stat');
  run('git diff -U0 | tail -n +5');
  run('git checkout -q secrets/values.yaml');

  say('Bob decrypts at deploy time');
  expectSame('values.yaml', run('sotto decrypt secrets/values.yaml', { as: 'bob' }), VALUES);
  expectSame('app.json', run('sotto decrypt secrets/app.json', { as: 'bob' }), JSON_FILE);

  say('Bob leaves: take him out of .sops.yaml, update the files, and give them new data keys');
  writeFileSync(join(repository, '.sops.yaml'), config([alice]));
  run('sotto updatekeys --yes secrets/');
  run('sotto rotate -i secrets/values.yaml secrets/app.json');

  say('His key opens nothing any more');
  run('sotto decrypt secrets/values.yaml', { as: 'bob', fails: true });

  say('And what Alice reads is still the file that she wrote');
  expectSame('values.yaml', run('sotto decrypt secrets/values.yaml'), VALUES);
  expectSame('app.json', run('sotto decrypt secrets/app.json'), JSON_FILE);
  run('git commit -qam "Remove Bob" && git log --oneline');
  console.log('\nThat is all. What Bob saw before, he may remember: change the passwords themselves, too.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
