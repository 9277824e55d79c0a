import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PROGRAM = resolve('test/support/program.ts');

/**
 * The tests that run the program, over however many helpers: the others would say of the program as one file what they
 * have said of the source.
 */
export function testsOfProgram(): string[] {
  const reaches = new Map<string, boolean>([[PROGRAM, true]]);
  const reachesProgram = (path: string): boolean => {
    const known = reaches.get(path);
    if (known !== undefined) return known;
    // What leads back to itself is decided by the others.
    reaches.set(path, false);
    const imports = readFileSync(path, 'utf8').matchAll(
      /^import (?!type )[^;]*? from '(\.\.?\/(?!.*src\/)[^']+\.ts)';$/gm,
    );
    const isOne = [...imports].some(([, to = '']) => reachesProgram(join(dirname(path), to)));
    reaches.set(path, isOne);
    return isOne;
  };
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((name) => join('test', name))
    .filter((path) => path.endsWith('.test.ts') && reachesProgram(resolve(path)));
}
