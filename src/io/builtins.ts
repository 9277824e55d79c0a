/*
 * Parts of Node that few commands need, and that take milliseconds to load. They come at once and from Node itself:
 * with `import()`, a process that has become another user in the meantime would have to read files that may not be his.
 */

export function childProcesses(): typeof import('node:child_process') {
  return process.getBuiltinModule('node:child_process');
}

export function sockets(): typeof import('node:net') {
  return process.getBuiltinModule('node:net');
}

export function streams(): typeof import('node:stream') {
  return process.getBuiltinModule('node:stream');
}

export function terminals(): typeof import('node:tty') {
  return process.getBuiltinModule('node:tty');
}
