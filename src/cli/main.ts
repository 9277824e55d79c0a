import { basename } from 'node:path';
import { start } from './start.ts';

start(basename(process.argv[1] ?? 'sotto'));
