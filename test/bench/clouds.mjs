// Files with a key of AWS KMS, of which local-kms plays the service; where it is not on the PATH, nothing is measured.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, programs as findPrograms, measure, onPath } from './programs.mjs';

/** As GOALS of the other processes. */
export const CLOUD_GOALS = [
  ['rotate with AWS KMS, a file of 100', 'binary', 'sops', 0.1],
  ['rotate with AWS KMS, a file of 100', 'node', 'sops', 0.1],
  ['decrypt with AWS KMS', 'binary', 'sops', 1],
];

const COUNT = 100;
const PORT = 15_080;
const KEY = 'bc436485-5092-42b8-92a3-0aa8b93536dc';
const ARN = `arn:aws:kms:eu-west-2:111122223333:key/${KEY}`;
const SEED = `Keys:
  Symmetric:
    Aes:
      - Metadata: { KeyId: ${KEY} }
        BackingKeys: [5cdaead27fe7da2de47945d73cd6d79e36494e73802f3cd3869f1d2cb0b5d7a9]
`;

/** @returns rows as of measureProcesses; none without local-kms */
export async function measureClouds({ programs: { rops: _, ...programs }, folder: parent, report }) {
  const program = onPath('local-kms');
  if (program === undefined) return [];
  const folder = join(parent, 'clouds');
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'seed.yaml'), SEED);
  const server = spawn(program, [], {
    env: {
      PORT: String(PORT),
      KMS_SEED_PATH: join(folder, 'seed.yaml'),
      KMS_DATA_PATH: join(folder, 'data'),
      KMS_ACCOUNT_ID: '111122223333',
      KMS_REGION: 'eu-west-2',
    },
    stdio: 'ignore',
  });
  try {
    await untilItAnswers();
    const options = {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${PORT}`,
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_EC2_METADATA_DISABLED: 'true',
        SOPS_DISABLE_VERSION_CHECK: 'true',
      },
    };
    const rows = [];
    const add = (name, results) => {
      const row = { name, ...results };
      rows.push(row);
      report(row);
    };
    const runs = (args) =>
      Object.fromEntries(
        Object.entries(programs).map(([name, command]) => [name, { command: [...command, ...args] }]),
      );
    writeFileSync(join(folder, 'plain.yaml'), 'password: hunter2\nport: 8080\n');
    const sealed = ['encrypt', '--kms', ARN, '--output', 'sealed.yaml', 'plain.yaml'];
    measure({ command: [...programs.node, ...sealed] }, options);
    add('decrypt with AWS KMS', alternate(runs(['decrypt', 'sealed.yaml']), 9, options));
    add('encrypt with AWS KMS', alternate(runs(['encrypt', '--kms', ARN, 'plain.yaml']), 9, options));
    add('rotate with AWS KMS, a file of 100', manyFiles({ programs, folder, options }));
    return rows;
  } finally {
    server.kill();
  }
}

/** Milliseconds a file: one process of ours for all files, one of sops for each. */
function manyFiles({ programs: { sops, ...ours }, folder, options }) {
  const [many, sealed] = [join(folder, 'many'), join(folder, 'sealed')];
  mkdirSync(sealed);
  const files = Array.from({ length: COUNT }, (_, index) => join('sealed', `${index}.yaml`));
  for (const file of files) writeFileSync(join(folder, file), `password: ${file}\nport: 8080\n`);
  measure({ command: [...ours.node, 'encrypt', '-i', '--kms', ARN, ...files] }, options);
  const prepare = () => {
    rmSync(many, { recursive: true, force: true });
    cpSync(sealed, many, { recursive: true });
  };
  const all = alternate(
    Object.fromEntries(
      Object.entries(ours).map(([name, command]) => [
        name,
        () => {
          prepare();
          return { command: [...command, 'rotate', '-i', 'many'] };
        },
      ]),
    ),
    3,
    options,
  );
  const results = Object.fromEntries(
    Object.entries(all).map(([name, { wall, cpu, memory }]) => [
      name,
      { wall: wall / COUNT, cpu: cpu / COUNT, memory },
    ]),
  );
  if (sops === undefined) return results;
  prepare();
  return {
    ...results,
    ...alternate({ sops: { command: [...sops, 'rotate', '-i', join('many', '0.yaml')] } }, 20, options),
  };
}

async function untilItAnswers() {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await (await fetch(`http://127.0.0.1:${PORT}/`)).text();
      return;
    } catch {
      await new Promise((accept) => setTimeout(accept, 50));
    }
  }
  throw new Error('local-kms does not answer');
}

// Alone: node test/bench/clouds.mjs
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  await measureClouds({
    programs: findPrograms(),
    folder,
    report: ({ name, ...all }) =>
      console.log(
        name,
        Object.fromEntries(
          Object.entries(all).map(([who, { wall, cpu, memory }]) => [
            who,
            `${wall.toFixed(1)} ms, ${cpu.toFixed(1)} of CPU (${memory.toFixed(0)} MB)`,
          ]),
        ),
      ),
  });
  rmSync(folder, { recursive: true });
}
