#!/usr/bin/env node
// The first file of the program. Old Nodes have to understand it, and some take it for a script and not for a module: no
// import and no word that is younger than Node 12. What it checks, it checks before anything else is loaded.

// Unless somebody listens, Node opens its debugger at this signal, to every program and user of this machine.
process.on('SIGUSR1', () => {});

const [major, minor] = process.versions.node.split('.').map(Number);
const isNew = major > 20 || (major === 20 && minor >= 19);

// 21 and the first of 22 are newer, and do not have it.
if (isNew && typeof process.getBuiltinModule === 'function') {
  import('./main.js');
} else {
  process.stderr.write(
    `sotto needs Node.js 20.19 or newer (of 22, 22.3 or newer); this is ${process.version}, ${process.execPath}\n`,
  );
  process.exitCode = 1;
}
