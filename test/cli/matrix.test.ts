import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { show } from '../support/browser.ts';
import { CHROMIUM_MISSING } from '../support/chromium.ts';
import { type RepositorySession, startRepositorySession } from '../support/repository-session.ts';

const FILES = {
  dev: 'db:\n  password: dev-marker\n  port: 5432\napi:\n  token: shared-marker\nhost_unencrypted: h\nempty: ""\n',
  staging:
    'db:\n  password: staging-marker\n  port: 5432\napi:\n  token: shared-marker\nhost_unencrypted: h\nempty: ""\n',
  prod: 'db:\n  password: prod-marker\n  port: 5432\nhost_unencrypted: other\nempty: filled-marker\n',
};
const ENVIRONMENTS = Object.keys(FILES).map((name) => `secrets/${name}.yaml`);

let git: RepositorySession;
const matrix = (...args: readonly string[]) => git.sotto(['matrix', ...args]);

beforeAll(async () => {
  git = startRepositorySession();
  git.repository.write('.sops.yaml', `creation_rules:\n  - age: ${git.alice}\n`);
  for (const [name, text] of Object.entries(FILES)) {
    git.repository.write(`secrets/${name}.yaml`, text);
    await git.done('encrypt', '-i', `secrets/${name}.yaml`);
  }
  git.repository.commit('begin');
  await git.done('set', 'secrets/prod.yaml', 'db.password', '"prod-marker-2"');
  git.repository.commit('change');
  await git.done('rotate', '-i', ...ENVIRONMENTS);
  git.repository.commit('rotate');
}, 60_000);
afterAll(() => git.end());

/** Columns are as wide as their dates, which are shorter in the year of the commits. */
const dates = (text: string): string =>
  text
    .replaceAll('2026-01-02', 'DATE')
    .replaceAll(/(?<= )01-02/g, 'DATE')
    .replaceAll(/ {3,}/g, '   ');

describe('matrix', () => {
  test('shows what is the same, what is missing, and when it really changed', async () => {
    const { exit, stdout, stderr } = await matrix(...ENVIRONMENTS);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(dates(stdout)).toBe(`   dev   staging   prod
db.password   A DATE   B DATE   C DATE Ann
db.port   A DATE   A DATE   A DATE
api.token   A DATE   A DATE !   -
host_unencrypted   A clear DATE   A clear DATE   B clear DATE
empty   ∅ DATE   ∅ DATE   A DATE

! the same secret as in another environment   - missing   ∅ empty
`);
    expect(stdout).not.toContain('marker');
  });

  test('tells the commit of the last real change; a new data key is none', async () => {
    const { rows, environments } = JSON.parse((await matrix('--json', '--by', 'secrets/{env}.yaml')).stdout);
    expect(environments.map(({ name }: { name: string }) => name)).toEqual(['dev', 'prod', 'staging']);
    const log = git.repository.git('log', '--format=%H', '--reverse').split('\n');
    const password = rows.find(({ path }: { path: string }) => path === '["db"]["password"]');
    expect(
      password.cells.map(({ changed }: { changed: { commit: string } }) => log.indexOf(changed.commit)),
    ).toEqual([0, 1, 0]);
    expect(password.cells[1]).toEqual({
      state: 'set',
      class: 'B',
      same: false,
      changed: { commit: log[1], date: '2026-01-02T03:05:05+00:00', author: 'Ann' },
    });
    const token = rows.find(({ path }: { path: string }) => path === '["api"]["token"]');
    expect(token.cells.map(({ state, same }: { state: string; same: boolean }) => [state, same])).toEqual([
      ['set', false],
      ['missing', false],
      ['set', true],
    ]);
  });

  test('shows without a key what is set, and since when, as far as tokens tell', async () => {
    const { exit, stdout, stderr } = await git.keyless(['matrix', ...ENVIRONMENTS]);
    expect(exit).toBe(0);
    expect(stderr).toContain('no key here opens secrets/dev.yaml, secrets/staging.yaml, secrets/prod.yaml');
    expect(dates(stdout)).toContain('db.password   ? DATE   ? DATE   ? DATE Ann\n');
    expect(stdout).toContain('? encrypted, and no key here opens it');
    const { rows } = JSON.parse((await git.keyless(['matrix', '--json', ...ENVIRONMENTS])).stdout);
    const log = git.repository.git('log', '--format=%H', '--reverse').split('\n');
    expect(
      rows[0].cells.map(({ changed }: { changed: { commit: string } }) => log.indexOf(changed.commit)),
    ).toEqual([0, 0, 1]);
  });

  test('has no commit for what is not committed', async () => {
    await git.done('set', 'secrets/dev.yaml', 'db.port', '5433');
    const { rows } = JSON.parse((await matrix('--json', ...ENVIRONMENTS)).stdout);
    expect(rows[1].cells.map(({ changed }: { changed: unknown }) => changed === null)).toEqual([
      true,
      false,
      false,
    ]);
    git.repository.git('checkout', '-q', '--', '.');
  });

  test('fails where that is asked for', async () => {
    const status = async (...args: readonly string[]): Promise<number> => (await matrix(...args)).exit;
    expect(await status('--fail-on', 'missing', ...ENVIRONMENTS)).toBe(1);
    expect(await status('--fail-on', 'same', ...ENVIRONMENTS)).toBe(1);
    expect(await status('--fail-on', 'same', 'secrets/dev.yaml', 'secrets/prod.yaml')).toBe(0);
    expect(await status('--fail-on', 'missing,same', 'secrets/dev.yaml')).toBe(0);
    expect(await status('--fail-on', 'nothing', 'secrets/dev.yaml')).toBe(2);
    expect(await status()).toBe(2);
    expect(await status('--by', 'secrets/*.yaml')).toBe(2);
    expect(await status('--by', 'nowhere/{env}.yaml')).toBe(2);
  });

  test('works in no repository, without dates', async () => {
    const environment = { PATH: '/nowhere' };
    const { stdout } = await git.sotto(['matrix', ...ENVIRONMENTS], { environment });
    expect(dates(stdout)).toContain('db.password   A   B   C\n');
  });
});

describe('the page', () => {
  /** A key that would be a script, and would close the tag that it stands in. */
  const HOSTILE = `"</th><script>document.title='owned'</script><img src=x onerror=alert(1)>\\u202e": v-marker\n`;

  beforeAll(async () => {
    git.repository.write('hostile/<b>.yaml', `${HOSTILE}b: same-marker\n`);
    git.repository.write('hostile/x.yaml', 'b: same-marker\nc: 1\n');
    for (const name of ['<b>', 'x']) await git.done('encrypt', '-i', `hostile/${name}.yaml`);
    git.repository.git('config', 'user.name', '<i>Ann</i>');
    expect(await matrix('--html', 'page.html', 'hostile/<b>.yaml', 'hostile/x.yaml')).toEqual({
      exit: 0,
      stdout: '',
      stderr: 'wrote page.html\n',
    });
  }, 60_000);

  test('has no value, nothing to load, and no tag that a stranger wrote', () => {
    const page = git.session.read('page.html');
    expect(page).not.toContain('marker');
    expect(page).not.toMatch(/https?:|url\(|@import|<img|<b>|<i>|\u202e/);
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  test.skipIf(CHROMIUM_MISSING !== undefined)(
    'is readable in light and dark, goes by keyboard, loads nothing, and runs no script but its own',
    async () => {
      const shown = await show(git.session.read('page.html'));
      try {
        const { page, problems } = await shown.open();
        expect(await page.title()).toBe('Values by environment');
        expect(await page.locator('tbody tr').count()).toBe(3);
        expect(await page.locator('tbody th').first().textContent()).toContain('<script>');
        expect(await page.locator('thead th').nth(1).textContent()).toContain('<b>');

        await page.keyboard.press('/');
        await page.keyboard.type('c');
        expect(await page.locator('#count').textContent()).toBe('2 of 3 values');
        await page.keyboard.press('Escape');
        expect(await page.locator('#count').textContent()).toBe('3 of 3 values');

        await page.locator('td').first().focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowRight');
        expect(await page.evaluate('document.activeElement.textContent')).toContain('same secret');

        await page.locator('#only').check();
        expect(await page.locator('tbody tr:visible').count()).toBe(3);

        const colours: string[] = [];
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          colours.push(await page.evaluate('getComputedStyle(document.querySelector(".same")).color'));
        }
        expect(new Set(colours).size).toBe(2);

        await page.evaluate(
          'document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 1" }))',
        );
        expect(await page.title()).toBe('Values by environment');
        expect(problems.filter((text) => !text.includes('Content Security Policy'))).toEqual([]);
        expect(shown.asked).toEqual(['/']);
      } finally {
        await shown.end();
      }
    },
    60_000,
  );
});
