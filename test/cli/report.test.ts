import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { show } from '../support/browser.ts';
import { CHROMIUM_MISSING } from '../support/chromium.ts';
import { as, type GitSession } from '../support/git-session.ts';
import { startTeam, teamConfig } from '../support/team-session.ts';

const CONFIG = teamConfig(`  lifecycle: true
  secrets:
    - values: [db.password]
      owner: ann
      max_age: 1d
`);
/** A key that would be a script, and would close the tag that it stands in. */
const HOSTILE = `"</th><script>document.title='owned'</script><img src=x onerror=alert(1)>\\u202e": v-marker\n`;

let here: GitSession;
const sotto = (...args: readonly string[]) => here.sotto(args, as('alice'));

beforeAll(async () => {
  here = await startTeam(
    CONFIG,
    {
      'secrets/dev.yaml': 'db:\n  password: dev-marker\n  port: 1\n',
      'secrets/prod.yaml': `db:\n  password: prod-marker\n${HOSTILE}`,
    },
    { 'left/<b>.yaml': 'clear: clear-marker\n' },
  );
  expect((await sotto('remove', 'bob', '--yes')).exit).toBe(0);
  here.put({
    '.sotto/exposure.yaml': here.read('.sotto/exposure.yaml').replace('who: bob', 'who: "<i>bob</i>"'),
  });
  here.git('add', '-A');
  here.commit({});
}, 60_000);
afterAll(() => here.end());

describe('a report', () => {
  test('answers what a lead asks, as data, without a key and without values', async () => {
    const { exit, stdout, stderr } = await here.sotto(['report', '--json']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).not.toContain('marker');
    const found = JSON.parse(stdout);
    expect(found.readers.map(({ file }: { file: string }) => file)).toEqual([
      'secrets/dev.yaml',
      'secrets/prod.yaml',
    ]);
    expect(found.readers[0].readers).toMatchObject([{ name: 'ann', expected: true }]);
    expect(found.ages).toMatchObject([{ owner: 'ann' }, { owner: 'ann' }]);
    expect(found.exposed).toMatchObject([{ event: '<i>bob</i>', kind: 'left' }]);
    expect(found.exposed[0].values.length).toBe(4);
    expect(found.environments).toMatchObject([{ files: ['secrets/dev.yaml', 'secrets/prod.yaml'] }]);
    expect(found.environments[0].missing).toMatchObject([
      { path: '["db"]["port"]', has: ['dev'], lacks: ['prod'] },
      { has: ['prod'], lacks: ['dev'] },
    ]);
  });

  test('leaves old and known values to their own lists, and says of a policy what could not be carried out', async () => {
    here.put({
      '.sops.yaml': here
        .read('.sops.yaml')
        .replace('max_age: 1d', 'max_age: 1d\n      renew: { generate: { kind: lava } }'),
    });
    const { exit, stdout } = await here.sotto(['report', '--json']);
    here.git('checkout', '-q', '.sops.yaml');
    expect(exit).toBe(0);
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; line: number | null }[] };
    const rules = new Map(findings.map(({ rule, line }) => [rule, line]));
    expect(rules.get('config-invalid')).toBeGreaterThan(1);
    expect([...rules.keys()].filter((rule) => /^(exposed|age-unknown|owner-missing)$/.test(rule))).toEqual(
      [],
    );
  });

  test('wants to know where to, in one place', async () => {
    expect(await here.sotto(['report'])).toMatchObject({ exit: 2, stdout: '' });
    expect(await here.sotto(['report', '--json', '--html', '-'])).toMatchObject({ stdout: '' });
    const { exit, stdout, stderr } = await here.sotto(['report', '--html', '-']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/i);
    expect(existsSync(here.path('-'))).toBe(false);
  });
});

describe('the page', () => {
  beforeAll(async () => {
    expect(await here.sotto(['report', '--html', 'page.html'])).toEqual({
      exit: 0,
      stdout: '',
      stderr: 'wrote page.html\n',
    });
  }, 60_000);

  test('has no value, nothing to load, and no tag that a stranger wrote', () => {
    const page = here.read('page.html');
    expect(page).not.toContain('marker');
    expect(page).not.toMatch(/https?:|url\(|@import|<img|<b>|<i>|\u202e/);
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  test.skipIf(CHROMIUM_MISSING !== undefined)(
    'is whole without its script, can be searched, is accessible in light and dark, and loads nothing',
    async () => {
      const shown = await show(here.read('page.html'));
      try {
        const plain = await shown.browser.newPage({ javaScriptEnabled: false });
        await plain.goto(shown.url);
        const rows = await plain.locator('tbody tr:visible').count();
        expect(rows).toBeGreaterThan(8);
        expect(await plain.locator('.search').isVisible()).toBe(false);
        await plain.close();

        const { page, problems } = await shown.open();
        expect(await page.title()).toMatch(/^Secrets of /);
        expect(await page.locator('nav li').count()).toBe(5);
        await page.keyboard.press('/');
        await page.keyboard.type('script>');
        expect(await page.locator('output').textContent()).toMatch(new RegExp(`^[1-4] of ${rows} rows$`));
        await page.keyboard.press('Escape');
        expect(await page.locator('tbody tr:visible').count()).toBe(rows);

        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.evaluate(axe.source);
          const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        }
        await page.emulateMedia({ media: 'print' });
        expect(await page.locator('.search').isVisible()).toBe(false);
        expect(problems).toEqual([]);
        expect(shown.asked).toEqual(['/', '/']);
      } finally {
        await shown.end();
      }
    },
    60_000,
  );
});
