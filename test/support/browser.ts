import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM } from './chromium.ts';

/** A page that is served, and a browser to show it in. */
export interface Shown {
  readonly browser: Browser;
  readonly url: string;
  /** What was asked of the server, but for the icon that every browser asks for. */
  readonly asked: readonly string[];
  /** Show the page. @returns it, and all that it complains of or asks for */
  open(): Promise<{ readonly page: Page; readonly problems: readonly string[] }>;
  end(): Promise<void>;
}

/** Serve a page, and start a browser: only where there is one. */
export async function show(html: string): Promise<Shown> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url !== '/favicon.ico') asked.push(request.url ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(html);
  });
  await new Promise<void>((accept) => server.listen(0, '127.0.0.1', accept));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const browser = await chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  return {
    browser,
    url,
    asked,
    open: async () => {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('favicon')) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('dialog', () => problems.push('a dialog'));
      await page.goto(url);
      return { page, problems };
    },
    end: async () => {
      await browser.close();
      server.close();
    },
  };
}
