import { existsSync } from 'node:fs';

/** A browser for tests of pages, if there is one. */
export const CHROMIUM: string | undefined = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(existsSync);

/** Why pages are not shown. */
export const CHROMIUM_MISSING: string | undefined =
  CHROMIUM === undefined ? 'skipped: there is no Chromium to show the page in' : undefined;
if (CHROMIUM_MISSING !== undefined) console.info(CHROMIUM_MISSING);
