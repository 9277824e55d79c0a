import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { releaseTime } from '../scripts/release/date.ts';
import { filledTemplate } from '../scripts/release/gitlab.ts';
import { formula } from '../scripts/release/homebrew.ts';
import { PACKAGE_KINDS, packageConfiguration } from '../scripts/release/packages.ts';
import { type BillOfMaterials, sealedBill } from '../scripts/release/sbom.ts';
import { scoopManifest } from '../scripts/release/scoop.ts';
import { sumOf, sumsText } from '../scripts/release/sums.ts';
import { archiveName, SYSTEMS } from '../scripts/release/systems.ts';

const ADDRESS = 'https://github.com/OWNER/sotto/releases/download/v1.2.3';
const SUMS = new Map(SYSTEMS.map(({ name }) => [archiveName('1.2.3', name), sumOf(Buffer.from(name))]));
const root = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Each address with the sum beside it, as those who install read them. */
function pairsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, url = '', sum]) => `${url.replace(`${ADDRESS}/`, '')} ${sum}`);
}

const pairs = (...systems: readonly string[]): string[] =>
  systems.map((system) => `${archiveName('1.2.3', system)} ${sumOf(Buffer.from(system))}`);

test('the programs of a release are those that are built', () => {
  const built = readFileSync(root('scripts/build-binary.mjs'), 'utf8').matchAll(
    /^ {2}'([\w-]+)': \{ runtime/gm,
  );
  expect(SYSTEMS.map(({ name }) => name)).toEqual([...built].map(([, name]) => name));
});

test('the formula of Homebrew names each archive with its own sum', () => {
  const text = formula('1.2.3', ADDRESS, SUMS);
  expect(pairsIn(text, /url "(\S+)"\n *sha256 "(\w+)"/g)).toEqual(
    pairs('darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'),
  );
  expect(text).toContain('homepage "https://github.com/OWNER/sotto"');
});

test('the manifest of Scoop names the archive for Windows, and where later ones will be', () => {
  const { architecture, autoupdate } = JSON.parse(scoopManifest('1.2.3', ADDRESS, SUMS));
  const [pair] = pairs('win32-x64');
  expect(`${architecture['64bit'].url} ${architecture['64bit'].hash}`).toBe(`${ADDRESS}/${pair}`);
  const next = autoupdate.architecture['64bit'].url.replaceAll('$version', '1.2.3');
  expect(next).toBe(architecture['64bit'].url);
});

test('a sum that is missing is an error', () => {
  expect(() => formula('1.2.4', ADDRESS, SUMS)).toThrow('there is no sum of sotto-1.2.4-darwin-arm64.tar.gz');
});

test('sums stand in the order of names, as sha256sum prints them', () => {
  const sums = new Map([
    ['b', sumOf(Buffer.from('b'))],
    ['a', sumOf(Buffer.from(''))],
  ]);
  expect(sumsText(sums)).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  b\n',
  );
});

describe('the template for GitLab', () => {
  const template = readFileSync(root('ci/gitlab.yml'), 'utf8');

  test('gets version, address and sums, and stays as it is otherwise', () => {
    const text = filledTemplate(template, '1.2.3', ADDRESS, SUMS);
    expect(text).toContain(
      `    SOTTO_VERSION: "1.2.3"\n    SOTTO_DOWNLOAD: ${ADDRESS}\n    SOTTO_SHA256: |\n`,
    );
    expect(text).toContain(`      ${sumOf(Buffer.from('linux-x64'))}  sotto-1.2.3-linux-x64.tar.gz\n`);
    const rest = (whole: string): string => whole.slice(whole.indexOf('  before_script:'));
    expect(rest(text)).toBe(rest(template));
  });

  test('has to have a place for each', () => {
    expect(() => filledTemplate('a: 1\n', '1.2.3', ADDRESS, SUMS)).toThrow('no place');
  });
});

test('the time of a release is the day in its heading; without one there is none', () => {
  const changelog = '# Changelog\n\n## 0.2.0 (unreleased)\n\n## 0.1.0 (2026-12-31)\n';
  expect(releaseTime(changelog, '0.1.0')).toBe(1_798_675_200);
  expect(releaseTime(changelog, '0.2.0')).toBeUndefined();
  expect(releaseTime(changelog, '0.1')).toBeUndefined();
});

test('the list of parts is the same each time, and has the runtime', () => {
  const bill = (serialNumber: string, timestamp: string, name = 'a'): BillOfMaterials => ({
    serialNumber,
    metadata: { timestamp, component: { name, version: '1.2.3' } },
    components: [{ name: 'yaml', version: '2.9.1' }],
  });
  const one = sealedBill(bill('urn:uuid:1', '2026-01-01T00:00:00Z'), '1.4.5', 0);
  expect(sealedBill(bill('urn:uuid:2', '2027-01-01T00:00:00Z', 'b'), '1.4.5', 0)).toBe(one);
  const { components, metadata, serialNumber } = JSON.parse(one);
  expect(components.map(({ name }: { name: string }) => name)).toEqual(['yaml', 'bun']);
  expect(metadata).toEqual({
    timestamp: '1970-01-01T00:00:00.000Z',
    component: { name: 'sotto', version: '1.2.3' },
  });
  expect(serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(sealedBill(bill('', ''), '1.4.6', 0)).not.toContain(serialNumber);
});

test('packages hold program, manual and completions, and ask for the libc of their program', () => {
  const configurations = PACKAGE_KINDS.flatMap(({ kind, systems }) =>
    systems.map((system) => ({ kind, system, ...readable(packageConfiguration('1.2.3', system, '/x', 0)) })),
  );
  expect(configurations.map(({ kind, system, arch }) => `${kind} ${system} ${arch}`)).toEqual([
    'deb linux-x64 amd64',
    'deb linux-arm64 arm64',
    'rpm linux-x64 amd64',
    'rpm linux-arm64 arm64',
    'apk linux-x64-musl amd64',
    'apk linux-arm64-musl arm64',
  ]);
  for (const { kind, contents, overrides } of configurations) {
    expect(overrides[kind].depends.join()).toMatch(
      /^(?:libc6 \(>= 2\.17\)|glibc >= 2\.17|musl>=1\.2\.5,.*)$/,
    );
    expect(contents.map(({ dst }) => dst)).toContain('/usr/bin/sotto');
    expect(contents.map(({ src }) => src)).toContain('/x/man/*.1');
    expect(contents.filter(({ src }) => src.startsWith('/x/completions/'))).toHaveLength(3);
  }
});

function readable(configuration: object): {
  readonly arch: string;
  readonly contents: readonly { readonly src: string; readonly dst: string }[];
  readonly overrides: { readonly [kind in 'deb' | 'rpm' | 'apk']: { readonly depends: readonly string[] } };
} {
  return JSON.parse(JSON.stringify(configuration));
}
