// Puts the program into a few files: Node takes longer to find and load 200 modules than to run them.
import { copyFileSync } from 'node:fs';
import { build } from 'rolldown';

/**
 * Chunks that several verbs load, and the modules from which they start. A module goes to the first chunk that needs
 * it by static imports; what is in none of them is up to the bundler.
 */
const CHUNKS = {
  main: ['cli/main.ts'],
  start: ['cli/run-here.ts'],
  engine: ['commands/decrypt.ts', 'cli/text-output.ts', 'core/plain-text.ts', 'keys/age/provider.ts'],
  change: ['commands/encrypt.ts'],
  json: ['formats/json/index.ts'],
  child: ['commands/exec-env.ts', 'cli/exec.ts', 'cli/exit-status.ts'],
};

await build({
  input: { main: './src/cli/main.ts', start: './src/cli/run-here.ts', engine: './src/keys/age/provider.ts' },
  platform: 'node',
  // Packages stay outside: their licences, and what audits say of them, go with the package.
  external: /^@?[a-z][\w-]*(?:\/|$)/,
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
