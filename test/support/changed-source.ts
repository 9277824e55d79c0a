import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Outcome, surroundings } from './session.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is added to the source: new files, and rows of one that is there, each in front of a text. */
export interface Addition {
  readonly files: { readonly [path: string]: string };
  readonly index: string;
  /** The variables with which command lines run. */
  readonly environment?: { readonly [name: string]: string };
  readonly rows: readonly { readonly row: string; readonly before: string }[];
}

/** A copy of the source with an addition, which can be run. */
export interface ChangedSource {
  /** The new files, and those that are others now, sorted. */
  readonly touched: readonly string[];
  /** A module of the copy. */
  load<Module>(path: string): Promise<Module>;
  /** Run a command line. */
  sotto(...args: readonly string[]): Promise<Outcome>;
  /** Write a file beside which command lines run. */
  write(name: string, text: string): void;
  end(): void;
}

/** Copy the source, and add something. @throws Error where there is no such place for a row */
export async function sourceWith({ files, index, rows, environment }: Addition): Promise<ChangedSource> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-source-'));
  const source = join(folder, 'src');
  cpSync(join(ROOT, 'src'), source, { recursive: true });
  cpSync(join(ROOT, 'schemas'), join(folder, 'schemas'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), text);
  }
  let text = readFileSync(join(source, index), 'utf8');
  for (const { row, before } of rows) {
    if (!text.includes(before)) throw new Error(`${index} has no ${before}`);
    text = text.replace(before, row + before);
  }
  writeFileSync(join(source, index), text);
  const before = filesBelow(join(ROOT, 'src'));
  const touched = [...filesBelow(source)].flatMap(([name, now]) => (before.get(name) === now ? [] : [name]));
  const load = (path: string) => import(join(source, path));
  const { run }: typeof import('../../src/cli/run.ts') = await load('cli/run.ts');
  const { nodeIo }: typeof import('../../src/io/node-io.ts') = await load('io/node-io.ts');
  return {
    touched: touched.sort(),
    load,
    sotto: async (...args) => {
      const seen = { stdout: '', stderr: '' };
      const exit = await run(args, {
        ...nodeIo({ ...surroundings(folder), ...environment }, folder),
        isTerminal: false,
        hasColour: false,
        print: (bytes) => {
          seen.stdout += Buffer.from(bytes).toString();
        },
        complain: (said) => {
          seen.stderr += said;
        },
      });
      return { exit, ...seen };
    },
    write: (name, content) => writeFileSync(join(folder, name), content),
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The files of a folder, with what is in them. */
function filesBelow(path: string): Map<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Map(names.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}
