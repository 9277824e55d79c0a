// An nginx configuration and a systemd unit with secrets in them. Run with: npm run build && node examples/render/example.mjs
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sotto-render-'));
const key = join(folder, 'key.txt');

/** Run sotto in the folder. */
function sotto(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path('../../dist/bin/sotto.js'), ...args], {
    cwd: folder,
    env: { ...process.env, SOPS_AGE_KEY_FILE: key },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`sotto ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

try {
  const recipient = /age1\w+/.exec(sotto('keygen', '--output', key))[0];
  copyFileSync(path('values.yaml'), join(folder, 'values.yaml'));
  sotto('encrypt', '-i', '--age', recipient, 'values.yaml');
  for (const name of ['nginx.conf', 'shop.service']) {
    sotto('render', '-f', 'values.yaml', '--output', name, path(`${name}.tmpl`));
    const mode = (statSync(join(folder, name)).mode & 0o777).toString(8);
    console.log(`--- ${name}, mode ${mode}\n${readFileSync(join(folder, name), 'utf8')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
