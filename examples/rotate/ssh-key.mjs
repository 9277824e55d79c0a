#!/usr/bin/env node
// A hook for `sotto renew`: the SSH key with which a pipeline reaches a machine. Its arguments are USER@HOST, and options
// for ssh. The new key is put into authorized_keys with the key that holds now; when it is revoked, the old one is taken out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TRY_AGAIN = 75;
const [, , target, ...options] = process.argv;
const { current, next, previous } = JSON.parse(readFileSync(0, 'utf8'));
// In memory, where there is such a place: ssh reads a key from a file of its owner alone.
const folder = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'ssh-key-'));

let status = 64;
try {
  if (process.env.SOTTO_STEP === 'set') status = change(current, 'add', next);
  if (process.env.SOTTO_STEP === 'test') status = connect(next, 'true', '');
  if (process.env.SOTTO_STEP === 'revoke') status = change(current, 'remove', previous);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);

/** Put a key into authorized_keys, or take it out; the file is replaced as a whole. */
function change(identity, what, key) {
  const [type, text] = publicOf(key).split(' ');
  const line = `${type} ${text}`;
  const others = 'f=.ssh/authorized_keys; touch "$f"; read -r line; grep -vF -- "$line" "$f" > "$f.new"';
  const add = what === 'add' ? '; printf "%s\\n" "$line" >> "$f.new"' : '';
  // Nobody is locked out: a list without any key does not take the place of one that has some.
  const script = `umask 077; ${others}${add}; if [ -s "$f.new" ]; then mv "$f.new" "$f"; else rm "$f.new"; exit 1; fi`;
  return connect(identity, script, `${line}\n`);
}

function connect(identity, command, input) {
  const own = [
    '-i',
    inFile(identity),
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'BatchMode=yes',
    '-o',
    'ConnectTimeout=10',
  ];
  const { status } = spawnSync('ssh', [...own, ...options, target, command], {
    input,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  // 255: no connection; of a test that is an answer, as it is if the key is not taken.
  return status === 255 && process.env.SOTTO_STEP !== 'test' ? TRY_AGAIN : (status ?? 1);
}

function publicOf(key) {
  const { status, stdout } = spawnSync('ssh-keygen', ['-y', '-f', inFile(key)], { encoding: 'utf8' });
  if (status !== 0) throw new Error('ssh-keygen does not take the key');
  return stdout.trim();
}

function inFile(key) {
  const path = join(folder, String(Math.random()).slice(2));
  writeFileSync(path, key, { mode: 0o600 });
  return path;
}
