// Writes docs/check.md from the table of findings; see "npm run docs".
import { writeFileSync } from 'node:fs';
import { checkPage } from '../dist/cli/manual/check-page.js';

writeFileSync(new URL('../docs/check.md', import.meta.url), checkPage());
