// Puts the program into a few files: Node takes longer to find and load 200 modules than to run them.
import { copyFileSync } from 'node:fs';
import { build } from 'rolldown';

/**
 * Chunks that several verbs load, and the modules from which they start. A module goes to the first chunk that needs
 * it by static imports; what is in none of them is up to the bundler.
 */
const CHUNKS = {
  main: ['cli/main.ts'],
  start: ['cli/run.ts', 'cli/exec.ts', 'cli/flags/child.ts', 'cli/text-output.ts'],
  engine: ['commands/decrypt.ts', 'core/tree/plain-text.ts', 'keys/age/provider.ts'],
  change: ['commands/encrypt.ts'],
  json: ['formats/json/index.ts'],
  child: ['commands/exec-env.ts'],
};

await build({
  input: { main: './src/cli/main.ts', start: './src/cli/run.ts', engine: './src/keys/age/provider.ts' },
  platform: 'node',
  // Packages stay outside: their licences, and what audits say of them, go with the package. But commander is needed
  // by each command, and its seven files would take as long to load as all of the program; its licence is put beside it.
  external: /^(?!commander$)@?[a-z][\w-]*(?:\/|$)/,
  plugins: [{ name: 'leaner', transform: leaner }],
  preserveEntrySignatures: 'allow-extension',
  onLog: (_, log) => {
    throw new Error(log.message);
  },
  output: {
    dir: 'dist/bin',
    cleanDir: true,
    chunkFileNames: '[name].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: 'chunks', name: chunkOf }],
    },
  },
});

copyFileSync('node_modules/commander/LICENSE', 'dist/bin/LICENSE-commander');
// As it is: old Nodes have to understand it.
copyFileSync('src/cli/sotto.js', 'dist/bin/sotto.js');

function chunkOf(id, graph) {
  const users = [...usersOf(id, graph)].map((user) => user.replaceAll('\\', '/'));
  const isUsed = (start) => users.some((user) => user.endsWith(`/src/${start}`));
  return Object.entries(CHUNKS).find(([, starts]) => starts.some(isUsed))?.[0];
}

/** A module, and those that need it by static imports, over however many others. */
function usersOf(id, graph) {
  const users = new Set([id]);
  for (const user of users)
    for (const importer of graph.getModuleInfo(user)?.importers ?? []) users.add(importer);
  return users;
}

/**
 * Of commander what is used: it can start programs for verbs, and what that takes is slow to load; so is `require` in a
 * module. Its comments are a third of it, and name files that are not in the package.
 */
function leaner(code, id) {
  if (!/[\\/]commander[\\/]lib[\\/]/.test(id)) return undefined;
  const less = code.replace(/require\('(?:node:)?child_process'\)/, '{}');
  if (id.endsWith('command.js') && less === code)
    throw new Error('commander loads what starts processes in another way');
  return less
    .replace(/require\(('(?:node:)?\w+')\)/g, 'globalThis.process.getBuiltinModule($1)')
    .replace(/^ *\/\*\*$[\s\S]*?\*\/$/gm, '');
}
