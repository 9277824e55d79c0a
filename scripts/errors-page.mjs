// Writes docs/errors.md from the table of errors; see "npm run docs".
import { writeFileSync } from 'node:fs';
import { errorsPage } from '../dist/cli/manual/errors-page.js';

writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsPage());
