import { basename } from 'node:path';
import { start } from './start.ts';

// The second argument is a place inside of the program, which is one file.
start(basename(process.argv0, '.exe'));
