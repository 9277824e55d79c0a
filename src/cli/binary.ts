import { basename } from 'node:path';
import { start } from './start.ts';

// As on Node, where this signal would open a debugger, nothing happens.
process.on('SIGUSR1', () => undefined);

// The second argument is a place inside of the program, which is one file.
start(basename(process.argv0, '.exe'));
