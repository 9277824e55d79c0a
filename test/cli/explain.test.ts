import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EXPLANATIONS } from '../../src/cli/explanations.ts';
import { errorsPage } from '../../src/cli/manual/errors-page.ts';
import { EXIT_STATUS } from '../../src/errors.ts';
import { sessions } from '../support/terminal.ts';

sessions({
  'an error is explained by its code': `
    $ sotto explain no-key-fits
    > no-key-fits: no key of yours opens the file
    >
    > cause: Whoever encrypted the file named …
    > …
    $ sotto explain no-such-error
    ! there is no error with the code "no-such-error"
    ! fix: "sotto explain" lists all
    ? 1
    $ sotto explain mac-missmatch
    ! there is no error with the code "mac-missmatch"
    ! fix: did you mean "sotto explain mac-mismatch"?
    ! explain: sotto explain usage
    ? 1
    $ sotto explain usage canceled
    ! explain takes one code, or one exit status
    ? 1
  `,
  'an error is explained by an exit status': `
    $ sotto explain 51
    > mac-mismatch: …
    > …
    $ sotto explain 128 | grep -c '^cause:'
    > 18
    $ sotto explain 100 | grep -E '^[a-z]+-[a-z-]+:'
    > file-missing: the file is not there
    > no-file: no file was named
    $ sotto explain 4 | grep -E '^[a-z]+-[a-z-]+:'
    > output-unsupported: the format can not hold the result
    > already-encrypted: the file is encrypted, or has an entry with the name of the metadata
    $ sotto explain 77
    ! no error has the exit status 77
    ! fix: …
    ? 1
  `,
  'all are listed, and are there as JSON': `
    $ sotto explain
    > CODE …
    > …
    $ sotto explain | grep already
    > already-encrypted        203  the file is encrypted…
    $ sotto explain --json file-unchanged
    > {"code":"file-unchanged","exit":200,"title":"…","cause":"…","fix":"…"}
    $ sotto explain --json 200
    > [{"code":"file-unchanged",…}]
    $ sotto explain --json
    > [{"code":"a…,{"code":"wrap-failed",…}]
  `,
  'an error names its code, and under the name of sops nothing': `
    $ sotto decrypt missing.yaml
    ! there is no file missing.yaml
    ! fix: check the name; the working folder is $PWD
    !! explain: sotto explain file-missing
    ? 100
    $ sops decrypt missing.yaml
    !! Error: cannot operate on non-existent file "$PWD/missing.yaml"
    ? 100
  `,
});

test('every code is one that something fails with', () => {
  const source = fileURLToPath(new URL('../../src', import.meta.url));
  const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/^errors|explanations/.test(name))
    .map((name) => readFileSync(join(source, name), 'utf8'))
    .join('\n');
  expect(Object.keys(EXIT_STATUS).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});

test('each explanation is in sentences, and they are sorted', () => {
  const codes = Object.keys(EXPLANATIONS);
  expect(codes).toEqual([...codes].sort());
  for (const { title, cause, fix } of Object.values(EXPLANATIONS)) {
    expect(title).toMatch(/^[a-z.].*[^.]$/);
    for (const text of [cause, fix]) expect(text).toMatch(/^["/A-Za-z-].*\.$/);
  }
});

test('docs/errors.md is what "npm run docs" makes', () => {
  const path = fileURLToPath(new URL('../../docs/errors.md', import.meta.url));
  expect(readFileSync(path, 'utf8')).toBe(errorsPage());
});
