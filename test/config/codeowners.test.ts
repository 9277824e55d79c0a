import { expect, test } from 'vitest';
import { CodeOwners } from '../../src/config/codeowners.ts';

const OWNERS = `# who looks at what
*            @all
*.env        env@example.org  # of any folder
/build/      @builders
docs/*       @writers
apps/        @org/apps @zoe
/secrets/**/db.yaml @org/db
secrets/my\\ file.yaml @spaces
secrets/\\*.yaml @star
/secrets/open.yaml
[Section] @gitlab
!no @never
`;

test.each([
  ['a.yaml', '@all'],
  ['deep/down/.env', 'env@example.org'],
  ['build/x/y', '@builders'],
  ['deep/build/x', '@all'],
  ['docs/a.md', '@writers'],
  ['docs/deep/a.md', '@all'],
  ['deep/apps/x/y', '@org/apps @zoe'],
  ['secrets/db.yaml', '@org/db'],
  ['secrets/prod/eu/db.yaml', '@org/db'],
  ['secrets/my file.yaml', '@spaces'],
  ['secrets/*.yaml', '@star'],
  ['secrets/a.yaml', '@all'],
  ['secrets/open.yaml', ''],
])('%s is owned by %j', (file, owners) => {
  expect(CodeOwners.read(OWNERS).of(file).join(' ')).toBe(owners);
});

test('lines that somebody made to be slow are not', () => {
  const text = `${'**/'.repeat(500)}x @a\n${'*a'.repeat(2000)}b @b\n${'\\'.repeat(20_000)} @c\n${'#'.repeat(20_000)}`;
  const started = process.cpuUsage().user;
  expect(CodeOwners.read(text).of(`${'y/'.repeat(500)}${'a'.repeat(5000)}`)).toEqual([]);
  expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
});
