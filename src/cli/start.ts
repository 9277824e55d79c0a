import { versionText } from './version.ts';

/**
 * Run the command line of this process, and end it. The version, which scripts ask for often, is answered before the
 * program is loaded.
 *
 * @param program the name under which the program was called
 */
export async function start(program: string): Promise<void> {
  const args = process.argv.slice(2);
  if (args.length === 1 && args[0] === '--version' && isPrinted(versionText(program))) return;
  const { runHere } = await import('./run.ts');
  // Whatever a command leaves open, such as a terminal or a connection, it has done what it was asked for.
  process.exit(await runHere(args, program));
}

/** Where it can't be printed, the program says why. An import would load Node's streams with the rest of `node:fs`. */
function isPrinted(text: string): boolean {
  const { writeSync } = process.getBuiltinModule('node:fs');
  try {
    return writeSync(1, text) === text.length;
  } catch {
    return false;
  }
}
