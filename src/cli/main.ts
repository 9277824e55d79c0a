#!/usr/bin/env node
import { basename } from 'node:path';
import { nodeIo } from '../io/node-io.ts';
import { run } from './run.ts';

process.exitCode = await run(process.argv.slice(2), nodeIo(), basename(process.argv[1] ?? 'sotto'));
